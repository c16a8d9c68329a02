"""Judge what becomes of calls to other systems."""
