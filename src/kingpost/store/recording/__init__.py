"""What the one call that records a transition is given."""
