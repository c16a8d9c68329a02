"""Checks of who may hold a post, and what for."""
