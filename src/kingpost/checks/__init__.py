"""Find everything that is unsound in a declared model."""
