"""Words for what commands have done or found, for people and as JSON."""
