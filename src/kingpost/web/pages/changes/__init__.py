"""Pages of what changes in the company."""
