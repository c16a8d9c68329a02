# noqa: INP001 - a program, not a package.
"""Write the page of every finding about a model from the catalogues that the findings come from.

Run it as `python tools/errors_page.py`; given a folder, it writes the page of each there alone.
A test says when they are not what this makes today. It runs this as a process of its own, for the
examples are what the tests read, and a process in which others have run has read more.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from kingpost.checks import CATALOGUE as OF_CHECKS
from kingpost.exchange.mapping.check import CATALOGUE as OF_MAPPINGS
from kingpost.notation import CATALOGUE as OF_NOTATION

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "errors.md"

# The pages lie in the package, so that `kingpost explain` has them wherever it is installed.
FOLDER = ROOT / "src" / "kingpost" / "errors"
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

Each code has a page that says what it means and why it matters, with a wrong and a right example;
`kingpost explain KP0519` prints it. This page and those are made by `tools/errors_page.py`.
"""


def titles() -> dict[str, str]:
    """Return the title of every code."""
    found = {**OF_NOTATION, **OF_CHECKS, **OF_MAPPINGS}
    return {str(code): title for code, title in found.items()}


def page() -> str:
    """Return the page. Raises KeyError, when a code belongs to no group."""
    found = titles()
    parts = [HEAD]
    group = ""
    for code in sorted(found):
        if code[:4] != group:
            group = code[:4]
            parts.append(f"\n## {GROUPS[group]}\n\n| code | finding |\n|---|---|\n")
        parts.append(f"| [{code}](../src/kingpost/errors/{code}.md) | {found[code]} |\n")
    return "".join(parts)


def write(folder: Path) -> None:
    """Write the page of each code into a folder, and remove what else lies there."""
    sys.path.insert(0, str(ROOT))
    from tools.finding_pages import pages  # noqa: PLC0415 - it needs the tests, which need the path

    folder.mkdir(exist_ok=True)
    wanted = {f"{code}.md": text for code, text in pages(titles()).items()}
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        write(Path(sys.argv[1]))
    else:
        PAGE.write_text(page())
        write(FOLDER)
