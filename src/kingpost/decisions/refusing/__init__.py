"""Word why the business says no, by what it is about."""
