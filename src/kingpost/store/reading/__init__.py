"""Read rows for pages, in few statements, at the snapshot of the caller."""
