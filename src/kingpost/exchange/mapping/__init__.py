"""Say how the rows of a log become commands: the declarative mapping file."""
