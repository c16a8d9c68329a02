"""Proposals of changes through the API."""
