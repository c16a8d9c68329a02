"""Look into decision tables before they run: what falls through, overlaps or never answers."""
