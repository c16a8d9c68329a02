"""The work itself as pages: the worklist, tasks, decisions and cases."""
