"""One cause is reported once: each name of a model, written wrongly, is one finding."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kingpost.checks import check
from kingpost.checks.names.reference import Reference
from kingpost.checks.references import references
from kingpost.model.model import Model
from kingpost.model.parts.walk import Part, walk
from kingpost.notation import read_model
from kingpost.values.diagnostic import Diagnostic, Place
from tests.checks.words import SOUND, edited, read

EXAMPLES = Path(__file__).parents[2] / "examples"
UNLIKE = "zzqq"
FEW = 3


def texts_of(example: str) -> Mapping[str, str]:
    folder = EXAMPLES / example
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*.yaml"))
        if path.parent.name != "log"
    }


def rewritten(
    texts: Mapping[str, str], model: Model, used: Reference, wrong: str
) -> Mapping[str, str] | None:
    """Return texts in which one use of a name is another; None when it stands elsewhere."""
    place = model.place(used.where.subject, *used.where.path)
    assert place is not None, used
    lines = texts[place.file].splitlines(keepends=True)
    line = lines[place.line - 1]
    # A member of an answer may be called as the field that it fills, which stands after it.
    start = line.index(":", place.column) if "receive" in used.where.path else place.column - 1
    found = re.compile(rf"""(?<![\w"-]){re.escape(used.name)}(?![\w-])""").search(line, start)
    if found is None:
        return None
    at = found.start()
    lines[place.line - 1] = f"{line[:at]}{wrong}{line[at + len(used.name) :]}"
    return {**texts, place.file: "".join(lines)}


def uses(texts: Mapping[str, str]) -> Iterator[tuple[Model, Reference]]:
    """Yield each written use of a name once."""
    model = read_model(texts).model
    assert model is not None
    seen: set[tuple[object, str]] = set()
    for used in references(model):
        key = (model.place(used.where.subject, *used.where.path), used.name)
        if key not in seen:
            seen.add(key)
            yield model, used


def findings_after(
    texts: Mapping[str, str], model: Model, used: Reference, wrong: str
) -> tuple[Diagnostic, ...] | None:
    changed = rewritten(texts, model, used, wrong)
    broken = read_model(changed).model if changed is not None else None
    return None if broken is None else check(broken)


def assert_each_name_is_one_finding(texts: Mapping[str, str], every: int = 1) -> None:
    tried = 0
    for number, (model, used) in enumerate(uses(texts)):
        if number % every:
            continue
        near = findings_after(texts, model, used, f"{used.name}x")
        if near is not None:
            tried += 1
            assert len(near) == 1, [finding.message for finding in near]
            (cause,) = (finding for finding in near if finding.help == f"Write `{used.name}`.")
            assert f"`{used.name}x`" in cause.message
        unlike = findings_after(texts, model, used, UNLIKE)
        if unlike is not None:
            # What the name was meant to be cannot be told, so what lacks it is reported as well.
            assert len(unlike) <= FEW
            assert any(f"`{UNLIKE}`" in finding.message for finding in unlike)
    assert tried > 50


def test_each_name_of_the_sound_model_is_one_finding() -> None:
    assert_each_name_is_one_finding({"kingpost.yaml": SOUND})


@pytest.mark.slow
@pytest.mark.parametrize(("example", "every"), [("service-desk", 9), ("lending", 7)])
def test_each_name_of_an_example_is_one_finding(example: str, every: int) -> None:
    assert_each_name_is_one_finding(texts_of(example), every)


CLERK = "  clerk:   {title: Examines claims}\n"
SECTIONS = {"branch": "parallel", "ending": "suspend.ends"}


def declarations(model: Model) -> Iterator[tuple[Place, str]]:
    """Yield where the parts of a model are declared, each with the id that stands there."""
    for part in (found for found in walk(model) if isinstance(found, Part)):
        owner, _, names = part.address.rpartition("/")
        outer, _, noun = owner.rpartition("/")
        ids = names.split(".")
        inside = f".{noun}s.".join(ids)
        place = model.places.get(part.address) or model.places.get(
            f"{outer}#{SECTIONS.get(noun, f'{noun}s')}.{inside}"
        )
        if place is not None and noun != "governance":
            yield place, ids[-1]


def renamed(texts: Mapping[str, str], place: Place, old: str, new: str) -> Mapping[str, str]:
    lines = texts[place.file].splitlines(keepends=True)
    line, at = lines[place.line - 1], place.column - 1
    assert line.startswith(old, at), line
    lines[place.line - 1] = f"{line[:at]}{new}{line[at + len(old) :]}"
    return {**texts, place.file: "".join(lines)}


def assert_each_renamed_part_is_one_finding(texts: Mapping[str, str], every: int = 1) -> None:
    model = read_model(texts).model
    assert model is not None
    told = 0
    for number, (place, name) in enumerate(dict.fromkeys(declarations(model))):
        for new in (f"{name}x", UNLIKE) if number % every == 0 else ():
            after = read_model(renamed(texts, place, name, new)).model
            assert after is not None, name
            found = check(after)
            told += len(found)
            # A part that nothing names is renamed without a finding.
            assert len(found) <= 1, [finding.message for finding in found]
            assert all(f"`{name}`" in finding.message for finding in found), found
    assert told > 15


def test_each_renamed_part_of_the_sound_model_is_one_finding() -> None:
    assert_each_renamed_part_is_one_finding({"kingpost.yaml": SOUND})


@pytest.mark.slow
@pytest.mark.parametrize(("example", "every"), [("service-desk", 11), ("lending", 8)])
def test_each_renamed_part_of_an_example_is_one_finding(example: str, every: int) -> None:
    assert_each_renamed_part_is_one_finding(texts_of(example), every)


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({CLERK: "  examiner:   {title: Examines claims}\n"},
         "Write `examiner`, which nothing names yet, or declare the role `clerk`."),
        ({"      examine:\n": "      look-into:\n"},
         "Write `look-into`, which nothing names yet, or declare the step `examine`."),
        ({"      examine:\n": "      exam:\n"}, "Write `exam`."),
        ({"          grant: {": "          allow: {"},
         "Write `allow`, which nothing names yet, or declare the outcome `grant`."),
    ],
)  # fmt: skip
def test_a_name_that_was_changed_is_told_by_its_new_one(
    edits: Mapping[str, str], words: str
) -> None:
    (found,) = check(read(edited(edits)))

    assert found.help == words


OPEN = '      open:   {title: Open, always: "claim.claimant != null"}\n'


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({CLERK: ""},
         ("KP0103 there is no role `clerk`, which 7 places name: this one, kingpost.yaml:74:54,"
         " kingpost.yaml:79:15 and 4 more")),
        ({"      held:   {title: Held}\n": ""},
         ("KP0107 there is no state `held` of object `claim`, which 3 places name: this one,"
         " kingpost.yaml:49:9 and kingpost.yaml:128:18")),
        ({OPEN: ""},
         ("KP0107 there is no state `open` of object `claim`, which 6 places name: this one,"
         " kingpost.yaml:48:9, kingpost.yaml:49:9 and 3 more")),
        ({'when: "claim.amount > 100"': 'when: "claim.amoun > 100"'},
         "KP0601 `amoun` is not a field of `claim`"),
        ({'when: "claim.amount > 100"': 'when: "claim.amoun > 100"',
          '"claim.urgent = true"': '"claim.amoun > 1"',
          '"claim.claimant != null"': '"claim.amoun != null"'},
         ("KP0601 `amoun` is not a field of `claim` and stands in 3 places: this one,"
          " kingpost.yaml:43:44 and kingpost.yaml:87:27")),
        ({'when: "claim.amount > 100"': 'when: "clam.amount > 100"',
          '"claim.urgent = true"': '"clam.amount > 1"'},
         ("KP0601 `clam` is not known here and stands in 2 places: this one and"
          " kingpost.yaml:87:21")),
        ({'"claim.urgent = true"': '"claim.urgent ="'},
         "KP0601 expected a value, found the end"),
        ({"rules:\n": "rules:\n  a: {object: claim, outputs: {x: integer}, value: b + 1}\n"
                       "  b: {object: claim, outputs: {y: integer}, value: a + 1}\n"},
         "KP0609 rule `a` needs itself: it needs `b` and at last `a`"),
        ({"          - {else: both}\n": ""}, "KP0504 the ways on from here have no `else`"),
        ({"role: judge\n": "role: jugde\n"}, "KP0103 there is no role `jugde`"),
    ],
)  # fmt: skip
def test_what_is_missing_is_one_finding_however_often_it_is_named(
    edits: Mapping[str, str], words: str
) -> None:
    found = check(read(edited(edits)))

    assert [f"{cause.code} {cause.message}" for cause in found] == [words]
