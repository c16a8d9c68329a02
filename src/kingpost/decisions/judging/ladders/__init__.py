"""What falls due while work stands open: its warning, and the rungs of its ladder."""
