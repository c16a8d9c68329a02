"""A model made ready to decide, or told to be unsound."""

from dataclasses import replace

import pytest

from kingpost.decisions.program import UnsoundModelError, compile_model, objectives_of
from kingpost.model.rules import Input
from kingpost.model.workflow import Route
from tests.decisions.world import LEVELS, MODEL, PROGRAM, STEPS, model_with


def test_objectives_are_those_of_the_stream_and_all_above() -> None:
    assert objectives_of(MODEL, "claim") == ("fast", "trust")
    assert objectives_of(MODEL, "other") == ()


def test_the_version_is_the_models_own() -> None:
    assert PROGRAM.version == compile_model(model_with()).version
    other = replace(LEVELS, title="Another title")
    assert PROGRAM.version != compile_model(model_with(rule=other)).version


def test_a_condition_that_does_not_compile_makes_a_model_unsound() -> None:
    first = replace(STEPS[0], then=(Route("handling", "claim.amont > 1"), Route("handling")))

    with pytest.raises(UnsoundModelError, match=r"`claim\.amont > 1` does not compile"):
        compile_model(model_with(steps=(first, *STEPS[1:])))


@pytest.mark.parametrize(
    "rule",
    [
        replace(LEVELS, inputs=(Input("amount", "claim.amont"),)),
        replace(LEVELS, rows=(("< lots", '"low"'),)),
        replace(LEVELS, rows=(("< 5", '"low'),)),
    ],
    ids=["input", "test", "answer"],
)
def test_a_table_that_does_not_compile_makes_a_model_unsound(rule: object) -> None:
    with pytest.raises(UnsoundModelError, match="does not compile"):
        compile_model(replace(MODEL, rules={"levels": rule}))
