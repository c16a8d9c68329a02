"""Taking an outcome beyond one's authority: asked for, confirmed by another, and reviewed."""
