"""Judge what comes of other systems: what becomes of calls, and which case a message is for."""
