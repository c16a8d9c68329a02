"""Assemble the parts and offer them on the command line."""

import sys


def main() -> None:
    """Say that there is nothing to run yet."""
    sys.exit("kingpost: the command line is not written yet")
