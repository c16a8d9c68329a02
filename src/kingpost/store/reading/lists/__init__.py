"""Lists that the database filters, counts and pages by itself."""
