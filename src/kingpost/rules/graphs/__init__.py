"""Graphs of decisions: linked to each other, compiled, and evaluated in the order of need."""

from kingpost.rules.graphs.compiling import compile_graph
from kingpost.rules.graphs.graph import Graph, Node

__all__ = ["Graph", "Node", "compile_graph"]
