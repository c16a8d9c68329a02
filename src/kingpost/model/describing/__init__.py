"""Describe a part of a model in words, for a terminal and for a page alike."""
