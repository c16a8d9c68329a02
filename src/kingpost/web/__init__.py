"""Translate what people do in a browser into commands and queries."""
