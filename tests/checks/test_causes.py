"""One cause is reported once: each name of a model, written wrongly, is one finding."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kingpost.checks import check
from kingpost.checks.names.reference import Reference
from kingpost.checks.references import references
from kingpost.model.model import Model
from kingpost.notation import read_model
from kingpost.values.diagnostic import Diagnostic
from tests.checks.words import SOUND, edited, read

EXAMPLES = Path(__file__).parents[2] / "examples"
UNLIKE = "zzqq"
FEW = 4


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
    at = line.find(used.name, place.column - 1)
    if at < 0:
        return None
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


def assert_each_name_is_one_finding(
    texts: Mapping[str, str], every: int = 1, most: int = 1
) -> None:
    tried = 0
    for number, (model, used) in enumerate(uses(texts)):
        if number % every:
            continue
        near = findings_after(texts, model, used, f"{used.name}x")
        if near is not None:
            tried += 1
            assert len(near) <= most, [finding.message for finding in near]
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
def test_each_name_of_an_example_is_a_few_findings_at_most(example: str, every: int) -> None:
    assert_each_name_is_one_finding(texts_of(example), every, most=FEW)


CLERK = "  clerk:   {title: Examines claims}\n"
OPEN = '      open:   {title: Open, always: "claim.claimant != null"}\n'


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({CLERK: ""}, "KP0103 there is no role `clerk`, which 7 places name"),
        ({"      held:   {title: Held}\n": ""},
         "KP0107 there is no state `held` of object `claim`, which 3 places name"),
        ({OPEN: ""}, "KP0107 there is no state `open` of object `claim`, which 6 places name"),
        ({'when: "claim.amount > 100"': 'when: "claim.amoun > 100"'},
         "KP0601 `amoun` is not a field of `claim`"),
        ({'"claim.urgent = true"': '"claim.urgent ="'},
         "KP0601 expected a value, found the end"),
    ],
)  # fmt: skip
def test_what_is_missing_is_one_finding_however_often_it_is_named(
    edits: Mapping[str, str], words: str
) -> None:
    found = check(read(edited(edits)))

    assert [f"{cause.code} {cause.message}" for cause in found] == [words]
