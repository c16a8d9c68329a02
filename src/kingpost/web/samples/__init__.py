"""Invented values for the gallery and the tests: every page and part in its states."""
