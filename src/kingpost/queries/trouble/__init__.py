"""Read what does not run as it should."""
