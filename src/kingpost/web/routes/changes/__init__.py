"""Addresses of what changes in the company."""
