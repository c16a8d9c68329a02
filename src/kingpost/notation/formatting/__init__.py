"""Put the text of a file into the house style, and keep its comments and its meaning."""

from kingpost.notation.formatting.format import Unsafe, format_text

__all__ = ["Unsafe", "format_text"]
