"""What is proposed for another to confirm, and what is reviewed afterwards."""
