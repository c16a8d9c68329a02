"""What a change touches: what rests on the parts that differ, and nothing else."""

from dataclasses import replace
from pathlib import Path

from kingpost.model.model import Model
from kingpost.model.parts.links import links_of
from kingpost.planning.difference import differences
from kingpost.planning.touching import touched
from tests.engine.office import model, read


def parts(after: Model) -> frozenset[str]:
    before = model()
    return touched(differences(before, after), (links_of(before), links_of(after)))


def test_of_a_step_its_workflow_is_touched_and_not_its_other_steps() -> None:
    after = model_with("due: 2 days", "due: 1 day")
    found = parts(after)

    assert "workflow/claim/step/examine" in found
    assert "workflow/claim" in found
    assert "objective/trust" in found
    assert "workflow/claim/step/approve" not in found
    assert "workflow/claim/step/suspect" not in found


def test_of_a_rule_the_step_that_asks_it_is_touched() -> None:
    found = parts(model_with('["< 1000", \'"low"\']', '["< 1000", \'"high"\']'))

    assert {"rule/levels", "workflow/claim/step/classify"} <= found
    assert "workflow/claim/step/approve" not in found


def test_of_what_is_removed_that_which_rested_on_it_is_touched() -> None:
    before = model()
    after = replace(
        before, posts={name: post for name, post in before.posts.items() if name != "desk"}
    )

    assert {"post/desk", "workflow/claim/step/examine"} <= parts(after)


def test_what_means_the_same_touches_nothing() -> None:
    assert parts(model()) == frozenset()


def model_with(old: str, new: str) -> Model:
    assert COMPANY.count(old) == 1
    return read(COMPANY.replace(old, new))


COMPANY = (Path(__file__).parents[1] / "engine" / "company.yaml").read_text()
