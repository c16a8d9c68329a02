"""Who was accountable for something on a day."""
