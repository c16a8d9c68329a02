"""Carry out commands on the one road by which anything is written."""
