"""Rules: whether they read, are used, and answer everything once."""
