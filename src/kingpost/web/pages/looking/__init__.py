"""Looking things up: the model, a search, a rule tried, lists as files."""
