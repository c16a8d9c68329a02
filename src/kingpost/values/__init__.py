"""Hold the small values that every floor speaks with, such as addresses, instants and money."""
