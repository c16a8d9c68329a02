"""Decide whether a command may be done, from facts alone."""
