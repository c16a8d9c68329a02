"""What other systems send, and calls to them."""
