"""Small values as events and rows keep them."""
