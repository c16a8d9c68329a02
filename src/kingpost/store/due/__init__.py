"""Keep what is to be done in its time: limits of waits, calls to other systems, and messages."""
