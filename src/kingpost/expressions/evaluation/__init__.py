"""What expressions do when they are evaluated."""
