"""Allowances: how much a post may decide in a period, all cases together."""
