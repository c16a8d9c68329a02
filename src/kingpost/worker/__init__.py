"""Carry out what falls due without anyone asking."""
