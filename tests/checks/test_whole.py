"""The check as a whole: the example is sound, and nothing makes it fail."""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias, cast

from hypothesis import given
from hypothesis import strategies as st

from kingpost.checks import CATALOGUE, check
from kingpost.model.content import content, from_content
from kingpost.notation import CATALOGUE as OF_NOTATION
from kingpost.notation import read_model
from tests.checks.words import SOUND, read

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "service-desk"


def example() -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(EXAMPLE.glob("*.yaml"))}


def test_the_example_is_sound() -> None:
    reading = read_model(example())

    assert reading.diagnostics == ()
    assert reading.model is not None
    assert check(reading.model) == ()


def test_findings_stand_in_the_order_of_the_text() -> None:
    # Each place has another name wrong: one name would be one finding.
    number = count()
    model = read(re.sub(r"claim\.", lambda _: f"clam{next(number)}.", SOUND))
    findings = check(model)

    assert len(findings) > 5
    assert list(findings) == sorted(findings, key=lambda finding: finding.order())


def test_every_code_is_told_apart_and_tested() -> None:
    tested = {
        code
        for path in (*HERE.glob("test_*.py"), *HERE.glob("cases/*.txt"))
        for code in re.findall(r"\bKP\d{4}", path.read_text())
    }

    assert not CATALOGUE.keys() & OF_NOTATION.keys()
    assert CATALOGUE.keys() - tested == set()


def test_a_model_without_places_is_checked_as_well() -> None:
    model = from_content(content(read(SOUND.replace("role: clerk", "role: clark"))))  # type: ignore[arg-type]

    assert {finding.code for finding in check(model)} == {"KP0103"}


def test_an_object_under_another_name_does_not_stop_the_check() -> None:
    model = read(SOUND)
    renamed = replace(model.objects["claim"], id="head")

    assert isinstance(check(replace(model, objects={"claim": renamed})), tuple)


Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

# What holds pairs, which a mutation may not make longer or shorter.
PAIRS = {"made_by", "spans"}
WORDS = st.sampled_from(["head", "claim", "open", "judge", "examine", "done", "*", "", "a b", "-"])


def mutated(draw: Draw, value: Any) -> Any:  # noqa: ANN401 - whatever a model is made of
    """Return a value of the model with one thing in it changed, left out, doubled or renamed."""
    if is_dataclass(value) and not isinstance(value, type):
        name = draw(st.sampled_from([item.name for item in fields(value) if item.compare]))
        part = getattr(value, name)
        return replace(
            value, **{name: renamed(draw, part) if name in PAIRS else mutated(draw, part)}
        )
    match value:
        case dict() if value:
            members = cast("dict[str, Any]", value)
            key = draw(st.sampled_from(sorted(members)))
            rest = {name: item for name, item in members.items() if name != key}
            if draw(st.booleans()):
                return rest
            changed: Any = mutated(draw, members[key])
            # An element stands under its own id: the reader makes nothing else.
            if is_dataclass(changed) and not isinstance(changed, type) and hasattr(changed, "id"):
                changed = replace(cast("Any", changed), id=key)
            return {**rest, key: changed}
        case tuple() if value:
            items = cast("tuple[Any, ...]", value)
            index = draw(st.integers(0, len(items) - 1))
            parts = (items[index],) * draw(st.integers(0, 2))
            if draw(st.booleans()):
                parts = (mutated(draw, items[index]),)
            return (*items[:index], *parts, *items[index + 1 :])
        case str() if type(value) is str:
            return draw(WORDS)
        case _:
            return value


def renamed(draw: Draw, pairs: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    """Return pairs, of which each stays a pair, with other names."""
    return tuple((draw(WORDS), other) for _, other in pairs)


@given(data=st.data())
def test_nothing_makes_the_check_fail(data: st.DataObject) -> None:
    model = read(SOUND)
    for _ in range(data.draw(st.integers(1, 6))):
        model = mutated(data.draw, model)

    assert isinstance(check(model), tuple)
