"""The page of what goes with a post."""
