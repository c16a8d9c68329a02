"""Repairs, before anything is written."""
