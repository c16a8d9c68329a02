"""Bring files in: the register as CSV, and event logs as history."""
