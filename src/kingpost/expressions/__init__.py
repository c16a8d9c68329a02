"""Parse, type and evaluate the language of rules and conditions."""
