"""Changes of the model as they are kept: what was asked of live cases, and what came of it."""
