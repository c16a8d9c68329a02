"""Write the text of a model in the house style, so that the reader reads the same again."""

from kingpost.notation.writing.write import write

__all__ = ["write"]
