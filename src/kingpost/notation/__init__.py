"""Turn the text of a model into the model, and say what is wrong with a text and where."""

from kingpost.notation.codes import CATALOGUE, Code
from kingpost.notation.language import json_schema
from kingpost.notation.memory import Memory
from kingpost.notation.reading import Reading, read_model, read_shared

__all__ = ["CATALOGUE", "Code", "Memory", "Reading", "json_schema", "read_model", "read_shared"]
