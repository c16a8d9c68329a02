"""Lifecycles: whether records can come through their states."""
