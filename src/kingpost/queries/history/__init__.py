"""Read the history of one case: its events, what it is for, and what it proved."""
