"""Keep what is due in its time: limits of waits, calls, messages, and cases that others begin."""
