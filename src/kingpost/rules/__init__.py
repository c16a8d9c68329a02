"""Decisions as values, how they are evaluated, and what their analysis finds."""
