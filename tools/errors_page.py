# noqa: INP001 - a program, not a package.
"""Write the page of every finding about a model from the catalogues that the findings come from.

Run it as `python tools/errors_page.py`. A test says when the page is not what this makes today.
"""

from collections.abc import Mapping
from pathlib import Path

from kingpost.checks import CATALOGUE as OF_CHECKS
from kingpost.exchange.mapping.check import CATALOGUE as OF_MAPPINGS
from kingpost.notation import CATALOGUE as OF_NOTATION

PAGE = Path(__file__).parent.parent / "docs" / "errors.md"
GROUPS: Mapping[str, str] = {
    "KP00": "The text",
    "KP01": "References",
    "KP02": "Objectives, measures and value streams",
    "KP03": "Posts, roles and authority",
    "KP04": "Business objects and their lifecycles",
    "KP05": "Workflows and their steps",
    "KP06": "Expressions and rules",
    "KP07": "Exceptions and clocks",
    "KP08": "Obligations and governance",
    "KP09": "Mappings of logs",
    "KP10": "Scenarios",
    "KP11": "The register",
}
HEAD = """\
# What can be wrong with a model

`kingpost check` reports every finding of a model in one run: its code, its place, the address of
the element, what is wrong and what to write instead. An error blocks activation, a warning does
not. A text that does not read (KP00) is not checked any further.

This page is made by `tools/errors_page.py`.
"""


def page() -> str:
    """Return the page. Raises KeyError, when a code belongs to no group."""
    found = {**OF_NOTATION, **OF_CHECKS, **OF_MAPPINGS}
    titles = {str(code): title for code, title in found.items()}
    parts = [HEAD]
    group = ""
    for code in sorted(titles):
        if code[:4] != group:
            group = code[:4]
            parts.append(f"\n## {GROUPS[group]}\n\n| code | finding |\n|---|---|\n")
        parts.append(f"| {code} | {titles[code]} |\n")
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page())
