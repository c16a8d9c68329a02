"""Turn typed trees into Python functions, built as syntax and never from text."""
