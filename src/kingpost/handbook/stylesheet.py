"""The stylesheet of the handbook's pages and of the pictures in them."""

from importlib.resources import files

from kingpost.insight.drawing.style import page_rules


def stylesheet() -> str:
    """Return the rules, for a page that has the tokens of colour."""
    own = (files("kingpost.handbook") / "static" / "handbook.css").read_text(encoding="utf-8")
    return f"{own}{page_rules()}"
