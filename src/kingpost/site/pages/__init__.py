"""Word the pages of the site."""
