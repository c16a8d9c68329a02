"""The pages of plans: what one was to do to every live case, and what came of it."""

import re
from collections.abc import Callable
from dataclasses import replace

from kingpost.decisions.carrying.judged import Policy
from kingpost.decisions.program import compile_model
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.carrying.forecasting import forecast
from kingpost.engine.carrying.policies import write_policies
from kingpost.engine.plans.applying import Applied, apply_plan
from kingpost.engine.plans.saving import Judged, Saved, find_plan, save_plan
from kingpost.model.assurance import CarryOver
from kingpost.model.model import Model
from kingpost.model.workflow import Task
from kingpost.store.reading.people import moment
from tests.web.meridian import Meridian, visit


def longer(model: Model) -> Model:
    """Return the company in which an incident may be reworked for three days."""
    incident = model.workflows["incident"]
    rework = incident.step("rework")
    assert isinstance(rework, Task)
    assert rework.due is not None
    assert rework.due.span is not None
    due = replace(rework.due, span=replace(rework.due.span, count=3))
    steps = tuple(
        replace(rework, due=due) if step.id == "rework" else step for step in incident.steps
    )
    flows = {**model.workflows, "incident": replace(incident, steps=steps)}
    return replace(model, workflows=flows)


def saved(meridian: Meridian, changed: Callable[[Model], Model] = longer) -> Saved:
    """Return a plan of a change by which cases go over now, where governance says nothing else."""
    company, running = meridian.company, meridian.company.active()
    after = changed(running.model)
    policy = CarryOver.NOW if changed is longer else CarryOver.STAY
    now = dict.fromkeys(after.workflows, policy)
    with company.database.connection() as connection:
        at = moment(connection)
    policies = {name: Policy(policy) for name, policy in now.items()}
    cases = [each.foreseen for each in forecast(company, compile_model(after), policies, at)]
    judged = Judged(running.version, after, write_policies(now, {}), at, 3, (), cases)
    return find_plan(company, save_plan(company, judged, "petra").digest)


def test_a_plan_is_shown_from_the_list_to_its_receipt(meridian: Meridian, address: str) -> None:
    meridian.busy()
    with visit(meridian, address, "gil") as client:
        assert "No plan was saved yet" in client.get("/plans").text
        plan = saved(meridian)
        there = f"/plans/{plan.name}"

        listed = client.get("/plans").text
        shown = client.get(there).text
        counts = re.findall(rf'href="({there}\?[^"#]+)#cases">([^<]+)</a>', shown)
        chosen = client.get(counts[0][0].replace("&amp;", "&")).text
        missing = client.get("/plans/abc")

        assert f'<a href="{there}">Plan {plan.name}</a>' in listed
        assert "Petra Process" in listed
        assert "Step rework is due 1 working day later" in shown
        assert f"kingpost apply {plan.name} --as PERSON does just what it says." in shown
        assert "3 scenarios passed." in shown
        assert "What came of it" not in shown
        assert counts[0][1] == "Carry over"
        assert "Incident resolution: carry over" in chosen
        assert "workflow/incident, workflow/major-incident" in shown, "its keeper says how all go"
        assert missing.status_code == 404

        keeper = "petra"
        assert isinstance(apply_plan(meridian.company, plan, keeper), Applied)
        carry_all(meridian.company)
        applied = client.get(there).text
        assert "What came of it" in applied
        assert "carried over" in applied
        assert "does just what it says" not in applied


def test_a_plan_that_is_stale_says_why(meridian: Meridian, address: str) -> None:
    plan = saved(meridian)
    model = meridian.company.active().model
    meridian.company.load(replace(model, company="Another"))

    with visit(meridian, address, "gil") as client:
        shown = client.get(f"/plans/{plan.name}").text

    assert "Another version runs than when it was made." in shown
    assert "It cannot be applied: plan anew." in shown


def merged(model: Model) -> Model:
    """Return the company in which one group has gone into another."""
    posts = {name: post for name, post in model.posts.items() if name != "group-20"}
    return replace(model, posts={**posts, "group-70": replace(posts["group-70"], was="group-20")})


def test_a_plan_tells_what_becomes_of_the_organisation_and_a_past_day_stays_as_it_was(
    meridian: Meridian, address: str
) -> None:
    meridian.busy()
    company = meridian.company
    with visit(meridian, address, "gil") as client:
        assert "Dispatch Desk 20" in client.get("/org").text
        plan = saved(meridian, merged)
        shown = client.get(f"/plans/{plan.name}").text

        assert "What becomes of the organisation" in shown
        assert "Group-20 goes into group-70" in shown

        with company.database.connection() as connection:
            before = moment(connection).isoformat()
        assert isinstance(apply_plan(company, plan, "hugo"), Applied)
        now, then = client.get("/org").text, client.get("/org", params={"on": before}).text
        assert "Dispatch Desk 20" not in now
        assert "As it was before the change of" in now
        assert "Dispatch Desk 20" in then
        assert "group-20 went into group-70" in then
        assert "What becomes of the organisation" not in client.get(f"/plans/{plan.name}").text
        moved = client.get("/org/posts/group-20", follow_redirects=False)
        assert moved.headers["location"] == "/org/posts/group-70"
        assert client.get("/org", params={"on": "2999-01-01"}).status_code == 404
        assert client.get("/org", params={"on": "yesterday"}).status_code == 404
        assert client.get("/org", params={"on": before[:10]}).status_code == 200
