"""The pages that explain findings: one for each code, with a wrong and a right example."""

from importlib.resources import files

_FOLDER = files("kingpost") / "errors"


def page_name(code: str) -> str:
    """Return the file of the page about a code, such as `errors/KP0519.md` in the package."""
    return f"errors/{code}.md"


def page_of(code: str) -> str | None:
    """Return the page about a code, or None when there is no such code."""
    return (_FOLDER / f"{code}.md").read_text("utf-8") if code in codes() else None


def codes() -> list[str]:
    """Return every code that has a page."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return sorted(name.removesuffix(".md") for name in names if name.endswith(".md"))
