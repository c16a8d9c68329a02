"""Turn the text of a file into a tree in which everything keeps its place."""
