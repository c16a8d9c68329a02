"""What governance asks of a change before it may take effect."""
