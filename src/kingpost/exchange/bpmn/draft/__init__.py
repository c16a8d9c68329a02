"""Rewrite a process step by step into the sections of the language."""
