"""Looking things up: the model, and one search over everything."""
