"""What a worklist is asked: whose it is, what it is narrowed to, and in which order."""
