"""The values of a record: what fits a field, how it is kept, and how a story writes it."""
