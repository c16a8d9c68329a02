"""Machine agents: what they may do, and who answers for it."""
