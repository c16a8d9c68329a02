# noqa: INP001 - a program's part, not a package.
"""The page of each finding: what it means, why it matters, a wrong and a right example.

The examples are those of the tests: these are run once, and what they have read is kept. What is
said about an example is what the check says of it now, so no page can be false.
"""

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from kingpost.checks import check
from kingpost.notation import read_model
from kingpost.values.diagnostic import Diagnostic
from tests.checks import test_staffing, words
from tests.notation.words import COMPANY, FOLDER, cases

ROOT = Path(__file__).parent.parent
PROSE = Path(__file__).with_name("errors_prose.txt")
NOT_RUN = {"test_whole", "test_causes", "test_again"}
LINES_MAX = 30


@dataclass(frozen=True, slots=True)
class Prose:
    """What people have written about a finding. right: an example that the tests do not have."""

    meaning: str
    matters: str
    right: str


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A wrong text, what is said of it, and the right one; empty where there is none."""

    wrong: str
    said: tuple[str, ...]
    right: str


def pages(titles: Mapping[str, str]) -> dict[str, str]:
    """Return the page of each code. Raises KeyError, when nothing is written about one."""
    prose, examples = dict(_prose()), _examples()
    return {
        code: _page(code, title, prose[code], examples.get(code)) for code, title in titles.items()
    }


def _page(code: str, title: str, prose: Prose, example: Example | None) -> str:
    parts = [f"# {code}: {title}", prose.meaning, prose.matters]
    if example is not None:
        parts += ["## Wrong", _fenced(example.wrong, "yaml"), _fenced("\n".join(example.said))]
    right = prose.right or (example.right if example else "")
    if right:
        parts += ["## Right", _fenced(right, "yaml")]
    return "\n\n".join(parts) + "\n"


def _fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _prose() -> Iterator[tuple[str, Prose]]:
    for part in PROSE.read_text().strip().split("\n\n"):
        code, meaning, matters, *rest = part.splitlines()
        right = "\n".join(line.removeprefix("    ") for line in rest[1:])
        if right:
            found = [
                item.code for item in read_model({"a.yaml": COMPANY, "b.yaml": right}).diagnostics
            ]
            assert code not in found, f"the right example of {code} is wrong"
        yield code, Prose(meaning, matters, right)


# Examples


def _examples() -> dict[str, Example]:
    return chosen((*_of_notation(), *_of_checks(), *_of_registers()))


def chosen(offered: Iterable[tuple[str, tuple[int, int], Example]]) -> dict[str, Example]:
    """Return the lightest example of each code; of several alike the first by its text.

    So it is not told by the order in which the tests run, and a new test changes no page that is
    about something else.
    """
    found: dict[str, tuple[tuple[int, int], Example]] = {}
    for code, weight, example in offered:
        found[code] = min(found.get(code, (weight, example)), (weight, example))
    return {code: example for code, (_, example) in found.items()}


def _of_notation() -> Iterator[tuple[str, tuple[int, int], Example]]:
    for path in sorted(FOLDER.glob("*.txt")):
        for case in cases(path.name):
            findings = read_model({"company.yaml": COMPANY, "text.yaml": case.text}).diagnostics
            wrong = case.text.strip("\n")
            said = tuple(_told(findings))
            for finding in findings if len(wrong.splitlines()) <= LINES_MAX else ():
                yield finding.code, (len(findings), len(wrong)), Example(wrong, said, "")


def _of_checks() -> Iterator[tuple[str, tuple[int, int], Example]]:
    _run_tests()
    for text in list(words.TEXTS):
        model = read_model({"kingpost.yaml": text}).model
        findings = check(model) if model else ()
        if findings:
            wrong, right = _excerpts(_unmarked(text))
            size = len(wrong) + len(right)
            for finding in findings:
                weight = (len(findings), size)
                yield finding.code, weight, Example(wrong, tuple(_told(findings)), right)


def _of_registers() -> Iterator[tuple[str, tuple[int, int], Example]]:
    right = _register(test_staffing.FULL)
    for holders, said in test_staffing.REGISTERS:
        code, _, rest = said.partition(" ")
        message, _, advice = rest.partition(" | ")
        severity = "warning" if code.endswith("?") else "error"
        words_of = (f"{severity} {code.rstrip('?')} {message}", f"    {advice}")
        wrong = _register(holders)
        yield code.rstrip("?"), (1, len(wrong)), Example(wrong, words_of, right)


def _register(holders: Mapping[str, tuple[str, ...]]) -> str:
    rows = [f"{person},{post},2026-01-01" for post, held in holders.items() for person in held]
    return "\n".join(("# appointments.csv", "person,post,from", *rows))


def _told(findings: Iterable[Diagnostic]) -> Iterator[str]:
    for item in findings:
        yield f"{item.severity.value} {item.code} {item.message}"
        if item.help:
            yield f"    {item.help}"


def _run_tests() -> None:
    for path in sorted((ROOT / "tests" / "checks").glob("test_*.py")):
        if path.stem not in NOT_RUN:
            module = importlib.import_module(f"tests.checks.{path.stem}")
            for name, test in vars(module).items():
                if name.startswith("test_") and callable(test) and not hasattr(test, "hypothesis"):
                    _run(test)


def _run(test: Callable[..., object]) -> None:
    marks: list[pytest.Mark] = list(getattr(test, "pytestmark", ()))
    tables = [mark for mark in marks if mark.name == "parametrize"]
    if not tables:
        test()
        return
    (table,) = tables
    names = table.args[0]
    split = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    for row in table.args[1]:
        values: Any = getattr(row, "values", row) if hasattr(row, "marks") else row
        given = values if len(split) > 1 or hasattr(row, "marks") else (values,)
        test(**dict(zip(split, given, strict=True)))


# Excerpts


def _unmarked(text: str) -> str:
    return re.sub(rf" *{re.escape(words.HERE)}$", "", text, flags=re.MULTILINE)


def _excerpts(text: str) -> tuple[str, str]:
    """Return what differs from the sound model, and how it is written there."""
    old, new = words.SOUND.splitlines(), text.splitlines()
    wrong: dict[int, None] = {}
    right: dict[int, None] = {}
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            wrong.update(_shown(new, c, d))
            right.update(_shown(old, a, b))
    return _joined(new, wrong), _joined(old, right)


def _shown(lines: list[str], start: int, end: int) -> dict[int, None]:
    """Return the lines of a part, its neighbours, and those above that it stands in."""
    around = range(max(0, start - 1), min(len(lines), end + 1))
    part = [index for index in around if lines[index].strip()]
    found = dict.fromkeys(part)
    for line in part:
        depth = _indent(lines[line])
        for index in range(line - 1, -1, -1):
            if lines[index].strip() and _indent(lines[index]) < depth:
                depth = _indent(lines[index])
                found[index] = None
    return found


def _joined(lines: list[str], shown: Iterable[int]) -> str:
    kept: list[str] = []
    last = None
    for index in sorted(shown):
        if last is not None and index > last + 1 and _indent(lines[index]) <= _indent(lines[last]):
            kept.append(f"{' ' * _indent(lines[index])}# …")
        kept.append(lines[index])
        last = index
    return "\n".join(kept)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))
