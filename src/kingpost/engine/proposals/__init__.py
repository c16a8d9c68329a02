"""Proposals of changes: acts on them, and their history looked over."""
