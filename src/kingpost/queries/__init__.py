"""Read pages of rows for people and programs, and change nothing."""
