"""A plan of a change as a value: what was foreseen, and whether that still holds."""
