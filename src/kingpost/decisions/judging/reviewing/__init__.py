"""Looking at what went beyond an authority, afterwards and by somebody else."""
