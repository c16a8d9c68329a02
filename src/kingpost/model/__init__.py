"""Say what a company may declare."""
