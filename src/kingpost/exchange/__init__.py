"""Bring files and standards in and out."""
