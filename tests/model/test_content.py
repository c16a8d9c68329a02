"""The content of a model: what it leaves out, and that older contents still read."""

import json
from pathlib import Path

import pytest

from kingpost.decisions.program import compile_model
from kingpost.model.content import content, from_content, version
from kingpost.notation import read_model
from kingpost.planning.difference import changed_elements
from kingpost.proof.canonical import canonical

HERE = Path(__file__).parent
# Content of tests/engine/company.yaml as the first format wrote it. Never changed.
FIRST = json.loads((HERE / "format-1.json").read_text())


def company(text: str = "") -> str:
    return (HERE.parent / "engine" / "company.yaml").read_text() + text


def test_content_of_the_first_format_is_the_same_model() -> None:
    old = from_content(FIRST)
    new = read_model({"kingpost.yaml": company()}).model

    assert new is not None
    assert changed_elements(old, new) == ()
    assert old == new
    assert compile_model(old).workflows.keys() == {"claim"}


def test_what_has_its_default_is_left_out() -> None:
    model = from_content(FIRST)

    written = canonical(content(model))

    assert b"null" not in written
    assert b'"currency"' not in written
    assert len(written) < len(canonical(FIRST))
    assert from_content(json.loads(written)) == model


def test_a_property_that_is_not_used_changes_no_version() -> None:
    plain = read_model({"kingpost.yaml": company()}).model
    with_money = read_model({"kingpost.yaml": company("currency: EUR\n")}).model

    assert plain is not None
    assert with_money is not None
    assert version(plain) != version(with_money)
    assert changed_elements(plain, with_money) == ("company",)


def test_content_of_a_format_to_come_is_refused() -> None:
    with pytest.raises(ValueError, match="expected model content of format 2, got 3"):
        from_content({**FIRST, "kingpost": 3})
