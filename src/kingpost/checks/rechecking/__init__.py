"""Check a model again after a change, and do only what the change asks for."""
