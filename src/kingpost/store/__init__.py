"""Keep facts in PostgreSQL, with SQL and nothing but SQL."""
