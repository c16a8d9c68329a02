"""Triage: what is in trouble, and acting on many at once."""
