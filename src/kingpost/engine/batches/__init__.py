"""Acting on many pieces of work at once, each by a command of its own."""
