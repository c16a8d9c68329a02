"""Translate HTTP requests of programs into commands and queries."""
