"""Changes of the organisation: told again from the versions, and held against what was done."""
