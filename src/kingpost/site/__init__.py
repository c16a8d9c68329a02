"""Publish a company as a readable static site."""
