"""Prove that every case of a workflow comes to an end, or show the way to where it stops."""
