# noqa: INP001 - a program, not a package.
"""Write the page of the score in the public conformance kit, with every case that is not met.

Run it as `python tools/conformance_page.py`, with the kit beside the repository. The tests refuse
a case that fails and is not on the page.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.conformance.kit import Case, cases, passed  # noqa: E402 - found by the line above.

PAGE = ROOT / "docs" / "conformance.md"
# Why cases of a group are not met. A group that is not here must be met whole.
REASONS: Mapping[str, str] = {
    "0068-feel-equality": (
        "Two times that differ below the second are not equal here: one of them comes first."
    ),
    "0076-feel-external-java": "Functions in Java are not run here, by decision.",
    "1111-feel-matches-function": (
        "A pattern that refers back to a group has no bound on its time, and is refused."
    ),
}
_ELSE = "Not looked into yet."
HEAD = """\
# Conformance

The DMN Technology Compatibility Kit (dmn-tck/tck, Apache-2.0) asks every engine the same questions.
A case is met when every result that it names is as expected. About two in five cases expect only
null, or an error that becomes null; an engine that always answers null meets those, so they are
counted apart.

The kit is not part of this repository. Where it lies beside it (`../shared/data/dmn-tck/`), the
tests run it whole, and the score may not fall. This page is made by `tools/conformance_page.py`.
"""


def page(found: Iterable[tuple[Case, bool]]) -> str:
    """Return the page. found: every case of the kit, and whether it is met."""
    rows = list(found)
    failures = [case for case, met in rows if not met]
    return f"{HEAD}\n## Score\n\n{score(rows)}\n## Cases that are not met\n\n{listed(failures)}"


def score(rows: Iterable[tuple[Case, bool]]) -> str:
    """Return the table of the score by level, with the cases that expect only null apart."""
    met: Counter[tuple[str, bool]] = Counter()
    total: Counter[tuple[str, bool]] = Counter()
    for case, good in rows:
        for level in (case.level, "all"):
            total[level, case.has_value] += 1
            met[level, case.has_value] += good
    lines = ["| level | cases that expect a value | cases that expect only null | together |"]
    lines += ["|---|---|---|---|"]
    for level in dict.fromkeys(level for level, _ in sorted(total)):
        value, null = ((met[level, one], total[level, one]) for one in (True, False))
        both = (value[0] + null[0], value[1] + null[1])
        cells = " | ".join(
            f"{good} of {all_} ({good / all_:.2%})" for good, all_ in (value, null, both)
        )
        lines.append(f"| {level} | {cells} |")
    return "\n".join(lines) + "\n"


def listed(failures: Iterable[Case]) -> str:
    """Return the table of the cases that are not met, by their group."""
    groups: dict[str, list[str]] = {}
    for case in failures:
        groups.setdefault(case.group, []).append(f"`{case.id}`")
    lines = ["| group | why | cases |", "|---|---|---|"]
    for group, names in groups.items():
        lines.append(f"| {group} | {REASONS.get(group, _ELSE)} | {', '.join(names)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page((case, passed(case)) for case in cases()))
