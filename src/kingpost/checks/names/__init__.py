"""Find the names that one part of a model uses for another."""
