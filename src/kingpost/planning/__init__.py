"""Tell what a change of the model changes."""
