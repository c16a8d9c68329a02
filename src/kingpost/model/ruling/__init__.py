"""The rules of a model made ready: typed in the order in which they need each other, evaluated."""
