"""Build what each page shows from what the queries found."""
