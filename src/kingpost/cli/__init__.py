"""Assemble the parts and offer them on the command line."""
