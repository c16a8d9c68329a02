"""Look after a company that runs."""
