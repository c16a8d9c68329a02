"""Changes that need approvals: who gives them, what they are worth, and what is refused without."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.consenting.proposal import Hand, Kind, State
from kingpost.engine import delegations, register
from kingpost.engine.change import NotApprovedError, NotCustodianError, change_model
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import KeyReusedError
from kingpost.engine.plans.applying import apply_plan
from kingpost.engine.plans.saving import Saved, find_plan
from kingpost.engine.proposals import acting
from kingpost.model.assurance import CarryOver
from kingpost.store.changing import proposals as store
from tests.engine.carrying import HEAD, saved
from tests.engine.carrying import TEXT as PLAIN
from tests.engine.consent import (
    BOTH,
    ONE,
    applied,
    done,
    governed,
    not_applied,
    proposed,
    refused,
    say,
    sooner,
    sound,
)
from tests.engine.office import LONG_AGO, Office, key, read

EVERY = governed(BOTH)
SOME = governed(ONE)


@pytest.fixture
def company(office: Office) -> Office:
    office.company.load(read(EVERY))
    return office


def test_a_change_is_applied_once_all_who_are_asked_approved_it(company: Office) -> None:
    plan = proposed(company, sooner(EVERY))

    lacks = not_applied(company, plan)
    done(company, plan, Kind.APPROVED, "leo", "fine")
    lacks_one = not_applied(company, plan)
    done(company, plan, Kind.APPROVED, "carl", "fine")
    applied(company, plan)

    ask = f"Let them approve it: `kingpost approve {plan.name} --as PERSON --reason WHY`."
    assert lacks.splitlines() == [
        f"the plan {plan.name} lacks approvals:",
        "  `workflow/claim`: 2 approvals of `lead` (Leo), `check` (Carl)",
        ask,
    ]
    assert lacks_one.splitlines()[1] == "  `workflow/claim`: the approval of `check` (Carl)"
    assert company.company.active().model == read(sooner(EVERY))
    found = find_plan(company.company, plan.digest)
    assert (found.proposed, found.state(company.company.active().version)) == (
        State.APPLIED,
        "applied",
    )
    sound(company)


def test_one_of_several_suffices_where_so_many_are_asked(office: Office) -> None:
    office.company.load(read(SOME))
    plan = proposed(office, sooner(SOME))

    lacks = not_applied(office, plan)
    done(office, plan, Kind.APPROVED, "carl")
    applied(office, plan)

    told = "  `workflow/claim`: the approval of one of `lead` (Leo), `check` (Carl)"
    assert lacks.splitlines()[1] == told
    sound(office)


def test_a_plan_that_nobody_proposed_is_not_applied_where_approvals_are_asked(
    company: Office,
) -> None:
    plan = saved(company, sooner(EVERY), CarryOver.STAY)

    assert not_applied(company, plan).splitlines()[2] == (
        f"Propose it first: `kingpost propose --plan {plan.name} --as PERSON --reason WHY`."
    )
    assert refused(company, plan, Kind.APPROVED, "leo") == (
        f"nobody has proposed the plan {plan.name}: `kingpost propose --plan {plan.name} --as"
        " PERSON --reason WHY` does"
    )


def test_a_model_is_not_loaded_past_the_approvals(company: Office) -> None:
    with pytest.raises(NotApprovedError) as error:
        change_model(company.company, read(sooner(EVERY)), person="hedy")

    assert str(error.value).splitlines() == [
        "the change needs approvals:",
        "  `workflow/claim`: 2 approvals of `lead` (Leo), `check` (Carl)",
        "Propose it: `kingpost propose FOLDER --as PERSON --reason WHY`.",
    ]
    assert company.company.active().model == read(EVERY)


def test_live_cases_are_not_sent_over_past_the_approvals(company: Office) -> None:
    with pytest.raises(NotApprovedError):
        change_model(company.company, read(EVERY), person="hedy", carry_over=CarryOver.NOW)

    plan = saved(company, EVERY, CarryOver.NOW)
    assert "lacks approvals" in not_applied(company, plan)
    done(company, plan, Kind.PROPOSED, "hedy")
    for name in ("leo", "carl"):
        done(company, plan, Kind.APPROVED, name)
    applied(company, plan)
    sound(company)


def test_what_is_not_asked_for_needs_no_approval(company: Office) -> None:
    title = EVERY.replace("title: Customers trust us", "title: Customers like us")

    change_model(company.company, read(title), person="hedy")

    assert company.company.active().model == read(title)
    sound(company)


def test_the_governance_that_runs_counts_for_a_change_of_itself(company: Office) -> None:
    strict = EVERY.replace(HEAD, '  - {part: "*", custodian: head, approvals: [lead]}')
    company.company.load(read(strict))
    without = governed(BOTH).replace(", approvals: [lead, check]", "")

    plan = proposed(company, without)

    # The line that goes is asked, and the one under which governance stands.
    assert not_applied(company, plan).splitlines()[1:3] == [
        "  `governance`: 2 approvals of `lead` (Leo), `check` (Carl)",
        "  `governance`: the approval of `lead` (Leo)",
    ]
    done(company, plan, Kind.APPROVED, "leo")
    done(company, plan, Kind.APPROVED, "carl")
    applied(company, plan)
    change_model(company.company, read(sooner(without)), person="hedy")
    sound(company)


@pytest.mark.parametrize(
    "weaker",
    [
        PLAIN,
        EVERY.replace("approvals: [lead, check]", "approvals: [lead]"),
        EVERY.replace("[lead, check]", "{of: [lead, check], at-least: 1}"),
        EVERY.replace(
            "governance:\n", "governance:\n  - {part: workflow/claim, custodian: head}\n"
        ),
    ],
    ids=["none", "fewer", "one of several", "behind another line"],
)
def test_no_approval_is_taken_away_without_it(company: Office, weaker: str) -> None:
    assert weaker != EVERY
    plan = proposed(company, weaker)

    assert not_applied(company, plan).splitlines()[1] == (
        "  `governance`: 2 approvals of `lead` (Leo), `check` (Carl)"
    )
    with pytest.raises(NotApprovedError):
        change_model(company.company, read(weaker), person="hedy")
    for person in ("leo", "carl"):
        done(company, plan, Kind.APPROVED, person)
    applied(company, plan)
    sound(company)


def test_governance_that_sends_cases_on_is_approved_like_the_workflow(company: Office) -> None:
    line = "approvals: [lead, check]"
    plan = proposed(company, EVERY.replace(line, f"{line}, carry-over: now"))

    assert not_applied(company, plan).splitlines()[1] == (
        "  `workflow/claim`: 2 approvals of `lead` (Leo), `check` (Carl)"
    )


def test_who_planned_a_change_does_not_approve_it_though_another_proposes_it(
    company: Office,
) -> None:
    plan = proposed(company, sooner(EVERY), "anna", planner="leo")

    assert refused(company, plan, Kind.APPROVED, "leo") == (
        "a change is approved by another person than who planned or proposed it"
    )
    assert "`lead` (Leo holds it, who planned it)" in not_applied(company, plan)


def test_nobody_approves_what_they_proposed(company: Office) -> None:
    plan = proposed(company, sooner(EVERY), "leo")

    own = refused(company, plan, Kind.APPROVED, "leo")
    done(company, plan, Kind.APPROVED, "carl")
    lacks = not_applied(company, plan)

    assert own == "a change is approved by another person than who planned or proposed it"
    told = "`lead` (Leo holds it, who proposed it)"
    assert lacks.splitlines()[1] == f"  `workflow/claim`: the approval of {told}"


def test_nobody_approves_what_they_proposed_by_the_hands_of_another(company: Office) -> None:
    lend(company, "leo", "ben")
    plan = proposed(company, sooner(EVERY), "leo")

    told = "a change is approved by another person than who planned or proposed it"
    assert refused(company, plan, Kind.APPROVED, "ben") == told


def test_who_applies_a_change_has_not_approved_it(office: Office) -> None:
    text = governed("[lead]").replace("custodian: head, approvals", "custodian: lead, approvals")
    office.company.load(read(text))
    plan = proposed(office, sooner(text), "carl")
    done(office, plan, Kind.APPROVED, "leo")

    assert not_applied(office, plan, "leo").splitlines()[1] == (
        "  `workflow/claim`: the approval of `lead` (Leo holds it, who applies it)"
    )
    applied(office, plan, "carl")
    sound(office)


def test_one_person_approves_for_one_of_their_posts(office: Office) -> None:
    office.company.load(read(EVERY))
    joins(office, "leo", "check", LONG_AGO)
    plan = proposed(office, sooner(EVERY))

    done(office, plan, Kind.APPROVED, "leo")

    assert "the approval of" in not_applied(office, plan)
    assert refused(office, plan, Kind.APPROVED, "leo") == "you approved it already"
    done(office, plan, Kind.APPROVED, "carl")
    applied(office, plan)
    sound(office)


def test_a_whole_delegation_approves_and_a_narrow_one_does_not(company: Office) -> None:
    plan = proposed(company, sooner(EVERY))
    lend(company, "leo", "ben", workflows=("claim",))
    narrow = refused(company, plan, Kind.APPROVED, "ben")
    lend(company, "leo", "ben")

    done(company, plan, Kind.APPROVED, "ben")
    done(company, plan, Kind.APPROVED, "carl")
    applied(company, plan)

    assert narrow == "`ben` answers for none of the posts that are asked: `head`, `lead`, `check`"
    sound(company)


def test_a_vacant_post_is_stood_in_for_as_it_says(company: Office) -> None:
    leaves(company, "carl")
    plan = proposed(company, sooner(EVERY), "anna")
    done(company, plan, Kind.APPROVED, "leo")
    lacks = not_applied(company, plan)

    # A checker that is missing falls to the lead, who has approved for the lead already.
    assert "`check` (nobody holds it now)" in lacks
    leaves(company, "leo")
    done(company, plan, Kind.APPROVED, "hedy")
    assert "the approval" in not_applied(company, plan)
    applied(company, plan, "anna")
    sound(company)


def test_who_lost_the_post_approves_no_more_and_what_they_approved_stands(
    company: Office,
) -> None:
    plan = proposed(company, sooner(EVERY))
    done(company, plan, Kind.APPROVED, "carl")
    for name in ("carl", "leo"):
        leaves(company, name)

    assert "answers for none" in refused(company, plan, Kind.APPROVED, "leo")
    joins(company, "ben", "lead", now())
    done(company, plan, Kind.APPROVED, "ben")
    applied(company, plan)
    sound(company)


def test_a_change_ends_when_what_it_needs_cannot_be_reached(office: Office) -> None:
    office.company.load(read(SOME))
    plan = proposed(office, sooner(SOME))

    first = done(office, plan, Kind.REJECTED, "leo", "too soon")
    second = done(office, plan, Kind.REJECTED, "carl", "no")

    assert first.proposal.state is State.OPEN
    assert second.proposal.state is State.REJECTED
    assert not_applied(office, plan) == (
        f"the proposal {plan.name} is rejected: it cannot be applied. Plan anew: `kingpost plan"
        " FOLDER --save`."
    )
    assert refused(office, plan, Kind.APPROVED, "leo") == (
        "the proposal is rejected: nothing more is done to it. Plan anew and propose that."
    )
    done(office, plan, Kind.COMMENTED, "hedy", "a pity")
    sound(office)


def test_who_was_against_it_may_be_for_it(office: Office) -> None:
    office.company.load(read(SOME))
    plan = proposed(office, sooner(SOME))
    done(office, plan, Kind.APPROVED, "leo")
    done(office, plan, Kind.REJECTED, "leo", "no, wait")
    assert "the approval" in not_applied(office, plan)

    done(office, plan, Kind.APPROVED, "leo", "it is fine")

    applied(office, plan)
    sound(office)


def test_only_who_proposed_a_change_withdraws_it(company: Office) -> None:
    plan = proposed(company, sooner(EVERY))

    other = refused(company, plan, Kind.WITHDRAWN, "leo")
    done(company, plan, Kind.WITHDRAWN, "hedy")

    assert other == "only who proposed a change withdraws it; to be against it, reject it"
    assert "is withdrawn" in not_applied(company, plan)
    again = say(company, plan, Kind.PROPOSED, "hedy")
    assert str(again) == f"the plan {plan.name} was proposed already: it is withdrawn"


def test_approvals_are_of_a_plan_and_of_no_other(company: Office) -> None:
    plan = proposed(company, sooner(EVERY))
    for name in ("leo", "carl"):
        done(company, plan, Kind.APPROVED, name)

    other = saved(company, sooner(EVERY), CarryOver.NOW)

    assert other.digest != plan.digest
    assert "lacks approvals" in not_applied(company, other)


def test_a_stale_proposal_is_approved_by_nobody(company: Office) -> None:
    plan = proposed(company, sooner(EVERY))
    title = EVERY.replace("title: Customers trust us", "title: Customers like us")
    change_model(company.company, read(title), person="hedy")

    told = refused(company, plan, Kind.APPROVED, "leo")

    assert re.fullmatch(
        rf"the plan {plan.name} was made while version \w+ ran, and another runs now\."
        r" Plan anew: `kingpost plan FOLDER --save`\.",
        told,
    )


def test_each_keeper_agrees_to_their_part(office: Office) -> None:
    text = governed("[check]").replace(
        'workflow/*", custodian: head', 'workflow/*", custodian: lead'
    )
    office.company.load(read(text))
    both = sooner(text).replace("title: Customers trust us", "title: Customers like us")
    plan = proposed(office, both, "hedy")
    done(office, plan, Kind.APPROVED, "carl")

    with pytest.raises(NotCustodianError) as error:
        apply_plan(office.company, plan, "hedy")
    done(office, plan, Kind.APPROVED, "leo")
    with pytest.raises(NotCustodianError):
        apply_plan(office.company, plan, "anna")
    applied(office, plan, "hedy")

    assert "`workflow/claim` is kept by `lead`" in str(error.value)
    sound(office)


def test_an_act_is_done_once_by_its_key(company: Office) -> None:
    plan, again = proposed(company, sooner(EVERY)), key()

    first = say(company, plan, Kind.COMMENTED, "anna", "why?", again)
    second = say(company, plan, Kind.COMMENTED, "anna", "why?", again)

    assert (first.seq, first.repeated) == (2, False)  # type: ignore[union-attr]
    assert (second.seq, second.repeated) == (2, True)  # type: ignore[union-attr]
    with pytest.raises(KeyReusedError):
        say(company, plan, Kind.COMMENTED, "anna", "what?", again)


def test_of_many_who_propose_at_once_one_does(company: Office) -> None:
    plan = saved(company, sooner(EVERY), CarryOver.STAY)
    answers: list[str] = []

    def propose() -> None:
        answers.append(type(say(company, plan, Kind.PROPOSED, "hedy")).__name__)

    threads = [Thread(target=propose) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["Acted", "NotAgreed", "NotAgreed", "NotAgreed"]
    sound(company)


def test_a_right_that_ends_while_it_is_used_approves_nothing(
    company: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = proposed(company, sooner(EVERY))
    hold = store.hold_hands
    tries: list[int] = []

    def ended_first(connection: Connection[DictRow], hands: Iterable[Hand]) -> None:
        tries.append(1)
        leaves(company, "leo")
        hold(connection, hands)

    monkeypatch.setattr(acting.store, "hold_hands", ended_first)

    told = refused(company, plan, Kind.APPROVED, "leo")

    assert told == "`leo` answers for none of the posts that are asked: `head`, `lead`, `check`"
    assert len(tries) == 1
    assert "2 approvals" in not_applied(company, plan)
    sound(company)


def test_of_approving_and_withdrawing_at_once_one_comes_first(company: Office) -> None:
    for _ in range(8):
        plan = saved(company, sooner(EVERY), CarryOver.STAY)
        done(company, plan, Kind.PROPOSED, "hedy")
        answers: dict[str, str] = {}

        def do(kind: Kind, person: str, plan: Saved = plan, into: dict[str, str] = answers) -> None:
            into[kind] = type(say(company, plan, kind, person)).__name__

        acts = [(Kind.APPROVED, "leo"), (Kind.WITHDRAWN, "hedy")]
        threads = [Thread(target=do, args=each) for each in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers[Kind.WITHDRAWN] == "Acted"
        assert "is withdrawn" in not_applied(company, plan)
    sound(company)


def test_of_many_who_apply_at_once_one_does(company: Office) -> None:
    plan = proposed(company, sooner(EVERY))
    for name in ("leo", "carl"):
        done(company, plan, Kind.APPROVED, name)
    answers: list[str] = []

    def do() -> None:
        answers.append(type(apply_plan(company.company, plan, "hedy")).__name__)

    threads = [Thread(target=do) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["Applied", "NotApplied", "NotApplied", "NotApplied"]
    assert company.scalar("SELECT count(*) FROM proposal_event WHERE kind = 'applied'") == 1
    sound(company)


@pytest.mark.parametrize(
    ("kind", "person", "reason", "told"),
    [
        (Kind.APPROVED, "leo", " ", "say why: a reason is missing"),
        (Kind.COMMENTED, "nobody", "hm", "`nobody` holds no post, and so proposes nothing"),
        (
            Kind.APPROVED,
            "anna",
            "yes",
            "`anna` answers for none of the posts that are asked: `head`, `lead`, `check`",
        ),
        (Kind.COMMENTED, "anna", "x" * 20_001, "say it in 20,000 letters at most"),
    ],
)
def test_what_is_refused_says_why(
    company: Office, kind: Kind, person: str, reason: str, told: str
) -> None:
    plan = proposed(company, sooner(EVERY))

    assert refused(company, plan, kind, person, reason) == told
    sound(company)


def lend(office: Office, giver: str, to: str, workflows: tuple[str, ...] = ()) -> None:
    """Let somebody lend all that they may do, or what they may do in workflows."""
    start = now() - timedelta(hours=1)
    wish = Delegation(
        giver, "lead", to, start, start + timedelta(days=30), "Leave", workflows=workflows
    )
    delegations.delegate(office.company, wish, by=giver)


def leaves(office: Office, name: str) -> None:
    register.end_appointment(office.company, office.appointments[name], now(), by="test")


def joins(office: Office, person: str, post: str, start: datetime) -> None:
    register.appoint(office.company, [register.Appointment(person, post, start)], by="test")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - who holds what when is told from outside.


def test_who_took_over_a_part_of_a_post_does_not_approve_for_it(office: Office) -> None:
    both = "    reports-to: head\n    roles: [approver, checker]"
    whole = EVERY.replace("    reports-to: head\n    roles: [approver]", both)
    aide = (
        "  aide: {title: Aide, unit: claims, reports-to: lead, split-from: lead, roles: [checker],"
        " seats: 3, vacancy: {falls-to: superior}}\n"
    )
    parted = whole.replace(both, both.replace(", checker", "")).replace(
        "  check:\n", f"{aide}  check:\n"
    )
    assert parted.count("aide") == 1
    assert parted.count("checker]") == whole.count("checker]")
    office.company.load(read(whole))
    change_model(office.company, read(parted), person="hedy")
    joins(office, "ben", "aide", now())
    plan = proposed(office, sooner(parted))

    told = refused(office, plan, Kind.APPROVED, "ben")

    assert told == "`ben` answers for none of the posts that are asked: `head`, `lead`, `check`"
    sound(office)
