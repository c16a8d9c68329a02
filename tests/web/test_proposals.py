"""The page of a plan that others must agree to: what each may do there, and why not."""

import re
from dataclasses import replace
from html import unescape

import httpx
import pytest

from kingpost.engine.plans.saving import Saved
from kingpost.engine.verify import verify
from tests.web.meridian import Meridian, visit
from tests.web.test_plans import saved


@pytest.fixture
def plan(meridian: Meridian) -> Saved:
    """A plan where two posts are asked besides the keeper, Petra."""
    running = meridian.company.active().model
    first = replace(
        running.governance[0],
        part="workflow/*",
        custodian="process-owner",
        approvals=("incident-manager", "head-of-service"),
        carry_over=None,
    )
    governed = replace(running, governance=(first, *running.governance))
    meridian.company.load(governed)
    meridian.busy()
    return saved(meridian)


def rail(text: str) -> str:
    """Return the text of what the reader may do."""
    found = text[text.index('id="consent"') : text.index("</section>", text.index('id="consent"'))]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def buttons(text: str) -> list[str]:
    found = text[text.index('id="consent"') : text.index("</section>", text.index('id="consent"'))]
    return re.findall(r"<button[^>]*>([^<]+)</button>", found)


def send(client: httpx.Client, plan: Saved, act: str, reason: str = "so") -> httpx.Response:
    """Send the form of the page with a fresh key of its own."""
    page = client.get(f"/plans/{plan.name}").text
    key = re.findall(r'name="key" value="([^"]+)"', page)[-1]
    return client.post(f"/plans/{plan.name}/{act}", data={"key": key, "reason": reason})


def test_a_change_is_proposed_approved_and_applied_on_its_page(
    meridian: Meridian, address: str, plan: Saved
) -> None:
    there = f"/plans/{plan.name}"
    with (
        visit(meridian, address, "petra") as petra,
        visit(meridian, address, "ines") as ines,
        visit(meridian, address, "hugo") as hugo,
    ):
        before = petra.get(there).text
        send(petra, plan, "propose", "Reworking takes longer.")
        asked = ines.get(there).text
        approved = send(ines, plan, "approve", "Agreed with the group.")
        after = ines.get(there).text
        waits = petra.get(there).text
        send(hugo, plan, "approve", "Fine.")
        ready = petra.get(there).text
        applied = send(petra, plan, "apply")
        told = petra.get(there).text

    assert "Nobody has proposed it yet. 2 approvals missing." in rail(before)
    assert buttons(before) == ["Propose it"]
    assert buttons(asked) == ["Approve it", "Reject it", "Only say it"]
    assert rail(asked).count("Missing") == 2
    assert (approved.status_code, approved.headers["location"]) == (303, f"{there}#said-2")
    assert buttons(after) == ["Reject it", "Only say it"]
    assert "Approved Ines Incident" in rail(after)
    assert "1 approval missing." in rail(waits)
    assert ": the approval of “Head of IT services” (Hugo Head)" in rail(waits)
    assert "Apply it now" not in rail(waits)
    assert any(button.startswith("Apply it now: ") for button in buttons(ready))
    assert "Agreed with the group." in ready[ready.index('id="said"') :]
    assert applied.headers["location"] == f"{there}#receipt"
    assert "It was applied." in rail(told)
    assert verify(meridian.company).faults == ()


def test_who_may_not_is_told_why(meridian: Meridian, address: str, plan: Saved) -> None:
    with (
        visit(meridian, address, "petra") as petra,
        visit(meridian, address, "gil") as gil,
    ):
        send(petra, plan, "propose")
        page = gil.get(f"/plans/{plan.name}").text
        own = petra.get(f"/plans/{plan.name}").text
        forced = send(gil, plan, "approve", "I want this.")

    told = "Gil Group answers for none of the posts that are asked"
    assert buttons(page) == ["Only say it"]
    assert told in rail(page)
    assert "Petra Process" in own
    assert forced.status_code == 409
    assert told in rail(forced.text)
    assert ">I want this.</textarea>" in forced.text


def test_a_stale_screen_keeps_what_was_typed(meridian: Meridian, address: str, plan: Saved) -> None:
    with (
        visit(meridian, address, "petra") as petra,
        visit(meridian, address, "ines") as ines,
    ):
        send(petra, plan, "propose")
        page = ines.get(f"/plans/{plan.name}").text
        [key] = set(re.findall(r'name="key" value="([^"]+)"', page))
        send(petra, plan, "withdraw", "Not now.")
        late = ines.post(
            f"/plans/{plan.name}/approve", data={"key": key, "reason": "It is <good>."}
        )

    assert late.status_code == 409
    assert "The proposal is withdrawn: nothing more is done to it." in rail(late.text)
    assert "It is &lt;good&gt;.</textarea>" in late.text
    assert "Not now." in late.text


def test_a_form_that_is_sent_twice_acts_once(meridian: Meridian, address: str, plan: Saved) -> None:
    with visit(meridian, address, "petra") as petra:
        page = petra.get(f"/plans/{plan.name}").text
        [key] = set(re.findall(r'name="key" value="([^"]+)"', page))
        form = {"key": key, "reason": "It takes longer."}
        answers = [petra.post(f"/plans/{plan.name}/propose", data=form) for _ in range(2)]
        without = petra.post(f"/plans/{plan.name}/comment", data={"reason": "lost?"})
        nothing = petra.post("/plans/abcdef/comment", data=form)

    assert [answer.headers["location"] for answer in answers] == [f"/plans/{plan.name}#said-1"] * 2
    assert without.status_code == 409
    assert ">lost?</textarea>" in without.text
    assert nothing.status_code == 404


def test_who_does_not_keep_it_does_not_apply_it(
    meridian: Meridian, address: str, plan: Saved
) -> None:
    with visit(meridian, address, "gil") as gil:
        refused = send(gil, plan, "apply")

    assert refused.status_code == 409
    assert "lacks approvals" in refused.text


def test_what_waits_for_an_approval_is_told_where_people_look(
    meridian: Meridian, address: str, plan: Saved
) -> None:
    with (
        visit(meridian, address, "petra") as petra,
        visit(meridian, address, "ines") as ines,
        visit(meridian, address, "gil") as gil,
    ):
        before = ines.get("/work").text
        send(petra, plan, "propose")
        work, listed = ines.get("/work").text, ines.get("/plans").text
        others = [client.get("/work").text for client in (petra, gil)]
        send(ines, plan, "approve")
        after = ines.get("/work").text

    told = "1 change of the company waits for your approval."
    assert told in work
    assert "change to approve" in work
    assert f'href="/plans/{plan.name}#consent"' in listed
    assert "Waits for your approval" in listed
    assert all(told not in text for text in (before, after, *others))
