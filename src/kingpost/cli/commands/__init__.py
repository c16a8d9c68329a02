"""Hold one command each; a command is imported when it is asked for."""
