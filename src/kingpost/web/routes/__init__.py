"""Answer requests: read them, call one use case or query, word the answer."""
