"""Hold the built-in functions of the language, each with its signature."""
