"""Keep what is to be done at its time: limits of waits, and calls to other systems."""
