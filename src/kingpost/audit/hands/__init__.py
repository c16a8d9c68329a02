"""Through whose hands something was done: people, and machines under them."""
