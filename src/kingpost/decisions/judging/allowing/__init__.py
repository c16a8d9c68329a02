"""Whether an allowance leaves room for a decision."""
