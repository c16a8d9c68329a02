"""Repair: what two people may put right in a case, and no one alone."""
