"""The parts of a decision that have a form of their own."""
