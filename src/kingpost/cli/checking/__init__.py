"""How the command line checks a model."""
