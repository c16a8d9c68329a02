"""Triage of exceptions."""
