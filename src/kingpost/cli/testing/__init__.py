"""Tell what came of scenarios: to people, as JSON, and to machines that build."""
