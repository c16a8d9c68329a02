"""Assemble the parts and offer them on the command line."""

from kingpost.cli.main import main

__all__ = ["main"]
