"""What a change of version does to a case: its names, its places, and the version itself."""
