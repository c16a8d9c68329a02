"""Compute what the numbers say, and what would happen next."""
