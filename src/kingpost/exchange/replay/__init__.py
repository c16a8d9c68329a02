"""Carry out what a log says again, on the model: the rows of a case become commands."""
