"""The reader of models, whole: YAML, forms, checks, version, and the way back."""

from collections.abc import Mapping
from pathlib import Path
from random import Random  # noqa: TID251 - the chance of a fuzz run comes back from its seed.
from typing import Any, cast

from kingpost.checks import check
from kingpost.model.content import content, from_content, version
from kingpost.notation import json_schema, read_model
from kingpost.notation.codes import Code
from kingpost.values.diagnostic import Diagnostic
from tests.fuzz.fuzzing import SIZE_MAX, Target
from tests.fuzz.mutations import mutated

_ROOT = Path(__file__).parents[3]
_COMPANY = "kingpost: 1\ncompany: Meridian\ntimezone: Europe/Lisbon\n"
# The whole of a model may lack something nowhere, and no file may have no place.
_PLACELESS = {"KP0001", "KP0004", "KP0018"}


# Between the files of one model, in the one text that an input is.
NEXT_FILE = "\n=== the next file\n"


def _texts() -> tuple[str, ...]:
    """Return whole models that read."""
    folders = [sorted(folder.glob("*.yaml")) for folder in sorted((_ROOT / "examples").iterdir())]
    models = [[_ROOT / "tests/checks/sound.yaml"], *filter(None, folders)]
    return tuple(NEXT_FILE.join(path.read_text() for path in paths) for paths in models)


def _fragments() -> tuple[str, ...]:
    """Return the small texts on which the words of the reader are tested."""
    folder = _ROOT / "tests/notation/cases"
    parts = "".join(path.read_text() for path in sorted(folder.glob("*.txt"))).split("=== ")[1:]
    lines = (part.partition("\n")[2].splitlines() for part in parts)
    return tuple("\n".join(line for line in each if not line.startswith(">")) for each in lines)


def _words() -> tuple[str, ...]:
    """Return the names of all properties, and small texts that mean much in some places."""
    names: set[str] = set()

    def gather(node: object) -> None:
        if isinstance(node, Mapping):
            members = cast("Mapping[str, Any]", node)
            names.update(members.get("properties", {}))
            names.update(str(word) for word in members.get("enum", ()))
            for value in members.values():
                gather(value)
        elif isinstance(node, list):
            for value in cast("list[object]", node):
                gather(value)

    gather(json_schema())
    return (*sorted(names), *_TELLING)


_TELLING = (
    "done", "superior", "*", "* -> closed", "new -> new", "99999999999999999999", "-1", "1e999",
    "30 days", "0 days", "10000 weeks", "<= 5", ">= 99999 weeks", "2016-02-30", "always", "true",
    "Mon-Sun 00:00-24:00", "Mon-Mon 10:00-09:00", "no", "null", "~", "{}", "[]", "[[[[",
    "{a: {b: {", "&a [*a]", "<<: *a", "!!python/object:os.system", "---", "...", "? a", "|\n  x",
    ">-", "'", '"',
    "incident.impact", "a.b.c", "x" * 300, "not(", "1/0", "((((((((", "entered.restore > 0",
    "for i in 1..1000000 return i", "workflow/incident/step/restore", "incident/work", "../..",
)  # fmt: skip
TEXTS = _texts()
_FRAGMENTS = _fragments()
WORDS = _words()


def _make(random: Random) -> str:
    way = random.random()
    if way < 0.1:
        text = _long(random)
    elif way < 0.4:
        text = random.choice(_FRAGMENTS)
        text = (_COMPANY if random.random() < 0.5 else "") + text
    else:
        text = random.choice(TEXTS)
    text = mutated(random, text, WORDS, random.choice((0, 1, 1, 2, 5, 20)))
    return _cut_to_size(text)


def _long(random: Random) -> str:
    """Return one thing very often, in one of the places where it may stand."""
    before = random.choice(("", "roles:\n", "posts: {", "workflows: [", "a: ", "rules:\n  r:\n   "))
    word = random.choice((*WORDS, "- ", "[", "{a: ", "a: b\n", "  r{n}: {{}}\n", "r{n}, ", "'"))
    if "{n}" in word:
        return before + "".join(word.format(n=number) for number in range(SIZE_MAX // 20))
    return before + word * (SIZE_MAX // len(word))


def _cut_to_size(text: str) -> str:
    while len(text.encode("utf-8", "replace")) > SIZE_MAX:
        text = text[: len(text) * 9 // 10]
    return text


def _feed(text: str) -> None:
    files = enumerate(text.split(NEXT_FILE))
    reading = read_model({f"{number}.yaml": part for number, part in files})
    _assert_placed(reading.diagnostics)
    unread = [one for one in reading.diagnostics if one.code != Code.NOT_YET]
    assert (reading.model is None) == bool(unread)
    if reading.model is not None:
        _assert_placed(check(reading.model))
        written = cast("Mapping[str, Any]", content(reading.model))
        assert version(from_content(written)) == version(reading.model)


def _assert_placed(findings: tuple[Diagnostic, ...]) -> None:
    for finding in findings:
        assert finding.place or finding.code in _PLACELESS, f"no place: {finding}"


TARGETS = (Target("reader", _make, _feed),)
