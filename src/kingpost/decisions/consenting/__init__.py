"""Proposals of changes: who agreed to one, by which right, and what is still missing."""
