"""The succession pack: what whoever takes over a post takes over with it."""
