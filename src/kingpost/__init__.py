"""Run a company on its own execution model: checked like code, planned before it changes."""
