"""What is done about a case as a whole."""
