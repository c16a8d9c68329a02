"""Carrying a live case over to another version of the model: whether it may be, and how."""
