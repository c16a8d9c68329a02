"""Work that somebody has taken on, when another version says who may do it."""

from dataclasses import replace
from typing import Any

from kingpost.decisions.commands import Assign
from kingpost.decisions.program import Program, compile_model
from kingpost.model.organisation import Role
from kingpost.model.workflow import Addressee, Decision, Step
from tests.decisions.carrying.test_carrying import (
    at_approve,
    carried,
    judged,
    told,
    version,
    with_step,
)
from tests.decisions.world import LEO, MODEL, Desk, model_with


def taken_on() -> Desk:
    desk = at_approve()
    desk.do(Assign(desk.id("approve"), "leo"), LEO)
    assert desk.at("approve").person == "leo"
    return desk


def test_work_of_another_role_is_laid_back() -> None:
    desk, new = (
        taken_on(),
        version(steps=with_step("approve", role="checker", to=replace(_to(), post=None))),
    )

    found = judged(desk, new)
    event = carried(desk, new)

    assert any("`approve` is laid back" in each for each in told(found))
    assert desk.at("approve").person is None
    assert [item.person for item in event.items if item.step == "approve"] == [None]


def test_work_is_laid_back_when_a_post_carries_its_role_no_longer() -> None:
    desk = taken_on()
    posts = dict(MODEL.posts)
    posts["lead"] = replace(posts["lead"], roles=())

    event = carried(desk, _with(posts=posts, steps=with_step("approve", title="Decide")))

    assert desk.at("approve").person is None
    assert [item.person for item in event.items if item.step == "approve"] == [None]


def test_work_stays_with_who_has_taken_it_on_when_its_role_has_another_name() -> None:
    desk = taken_on()
    roles = {name: role for name, role in MODEL.roles.items() if name != "approver"}
    roles["judge"] = Role("judge", "Judges", was="approver")
    posts = {
        name: replace(
            post, roles=tuple("judge" if role == "approver" else role for role in post.roles)
        )
        for name, post in MODEL.posts.items()
    }
    new = _with(roles=roles, posts=posts, steps=with_step("approve", role="judge"))

    carried(desk, new)

    assert desk.at("approve").person == "leo"


def _to() -> Addressee:
    step = next(each for each in MODEL.workflows["claim"].all_steps() if each.id == "approve")
    assert isinstance(step, Decision)
    return step.to


def _with(*, steps: tuple[Step, ...], **parts: Any) -> Program:  # noqa: ANN401 - whatever a model has
    return compile_model(replace(model_with(steps=steps), **parts))
