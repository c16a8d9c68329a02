"""Find, prepare and launch the programs of PostgreSQL for the embedded server."""
