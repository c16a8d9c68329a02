"""Translate between model text and the model."""
