"""What waits for a second person: whose worklist it stands in, and how one says no to it."""
