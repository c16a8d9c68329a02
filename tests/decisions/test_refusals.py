"""Every refusal, word for word, in the order in which they are judged."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Assign,
    Command,
    Complete,
    Decide,
    Deliver,
    Expire,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.decisions.program import compile_model
from kingpost.decisions.refusals import Refusal
from kingpost.decisions.transition import Transition
from kingpost.model.rules import HitPolicy, Output
from kingpost.model.workflow import RuleStep, Step
from tests.decisions.world import (
    ANNA,
    BANK,
    BEN,
    CHRIS,
    DAY,
    HEDY,
    LEO,
    LEVELS,
    PORTAL,
    Desk,
    lent,
    model_with,
    person,
    started,
    to,
)

TASK = "this work is no longer open: somebody finished it, or the case moved on"


def at_examine(amount: str = "200") -> Desk:
    desk = started(amount=amount)
    desk.do(Complete(desk.id("intake")), ANNA)
    return desk


def at_approve(amount: str = "200") -> Desk:
    desk = at_examine(amount)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    return desk


def at_payment() -> Desk:
    desk = at_approve()
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    return desk


def suspended() -> Desk:
    desk = started()
    desk.do(Raise(desk.id("intake"), "info-missing"), ANNA)
    return desk


def waiting_suspended() -> Desk:
    desk = at_payment()
    loose = tuple(
        replace(item, state=None) if item.id == "info-missing" else item
        for item in desk.program.workflows["claim"].workflow.exceptions
    )
    desk.program = compile_model(model_with(exceptions=loose))
    desk.do(Raise(desk.id("payment"), "info-missing"), ANNA)
    return desk


def closed() -> Desk:
    desk = at_payment()
    desk.do(Deliver(desk.id("payment"), "paid-out"), BANK)
    return desk


def changed_after_it_was_shown() -> Desk:
    desk = at_approve()
    desk.do(Decide(desk.id("approve"), "send-back", {"report": "thin"}, "look again"), HEDY)
    desk.do(Complete(desk.id("rework"), {"report": "thick"}), BEN)
    return desk


def fresh() -> Desk:
    return Desk()


@dataclass(frozen=True)
class Row:
    """One command that is refused. at: the step whose token the command names."""

    desk: Callable[[], Desk]
    actor: Actor
    at: str
    command: Callable[[str], Command]
    name: str
    words: str


ROWS = [
    # Starting.
    Row(
        closed, ANNA, "", lambda _: Start({}), "CaseIsClosed",
        "case CLM-1 was closed on 16 November 2026 at 09:00 UTC",
    ),
    Row(
        started, ANNA, "", lambda _: Start({}), "NotThatKind",
        "`CLM-1` cannot be started: expected a case that has not begun",
    ),
    Row(
        fresh, CHRIS, "", lambda _: Start({}), "NotYourPost",
        "`claim` needs the role `clerk`: `group-a`, `group-b` may",
    ),
    Row(
        fresh, BANK, "", lambda _: Start({}), "NotYourInterface",
        "`claim` is accepted only from `role/clerk`, `interface/portal`",
    ),
    Row(
        fresh, PORTAL, "", lambda _: Start({"report": "x"}), "FieldNotAsked",
        "`claim` does not record `report`: it records `claimant`, `amount`, `level`, `group`, "
        "`note`",
    ),
    Row(
        fresh, ANNA, "", lambda _: Start({"amount": "1,50"}), "FieldNotFitting",
        "`amount` expects a number such as `12.50`, got `1,50`",
    ),
    Row(
        fresh, ANNA, "", lambda _: Start({"claimant": "  "}), "FieldsMissing",
        "`claim` needs `claimant`",
    ),
    Row(
        fresh, ANNA, "", lambda _: Start({"claimant": "nobody"}), "HandoverNotMet",
        'stage `settle` lets a case start only when `claim.claimant != "nobody"`',
    ),
    Row(
        fresh, ANNA, "", lambda _: Start({"claimant": "Ines"}), "InputMissing",
        "`levels` cannot be answered while `amount` is empty: row 1 asks for `claim.amount`",
    ),
    # Completing a task.
    Row(
        closed, CHRIS, "", lambda _: Complete("gone"), "CaseIsClosed",
        "case CLM-1 was closed on 16 November 2026 at 09:00 UTC",
    ),
    Row(started, CHRIS, "", lambda _: Complete("gone"), "NotOpen", TASK),
    Row(fresh, CHRIS, "", lambda _: Complete("gone"), "NotOpen", TASK),
    Row(
        started, CHRIS, "suspect", Complete, "NotThatKind",
        "`suspect` cannot be completed: expected a task",
    ),
    Row(
        started, ANNA, "handling", Complete, "NotThatKind",
        "`handling` cannot be completed: expected a task",
    ),
    Row(
        suspended, CHRIS, "intake", Complete, "IsSuspended",
        "`intake` stands still until `info-missing` is resolved",
    ),
    Row(
        started, CHRIS, "intake", lambda task: Complete(task, {"paid": "x"}), "NotYourPost",
        "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may",
    ),
    Row(
        started, PORTAL, "intake", Complete, "NotYourPost",
        "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may",
    ),
    Row(
        started, CLOCK, "intake", Complete, "NotYourPost",
        "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may",
    ),
    Row(
        started, ANNA, "intake", lambda task: Complete(task, {"report": "x", "urgent": "x"}),
        "FieldNotAsked",
        "`intake` does not record `report`: it records `amount`, `group`, `urgent`, `note`",
    ),
    Row(
        started, ANNA, "intake", lambda task: Complete(task, {"urgent": "perhaps"}),
        "FieldNotFitting", "`urgent` expects yes or no, got `perhaps`",
    ),
    Row(
        started, ANNA, "intake", lambda task: Complete(task, {"amount": ""}), "FieldsMissing",
        "`intake` needs `amount`",
    ),
    Row(
        at_examine, ANNA, "examine", Complete, "EvidenceMissing",
        "`examine` owes evidence for `report-kept`: `report` must be filled",
    ),
    # Deciding.
    Row(
        started, CHRIS, "intake", lambda task: Decide(task, "clear"), "NotThatKind",
        "`intake` cannot be decided: expected a decision",
    ),
    Row(
        at_approve, CHRIS, "approve", lambda task: Decide(task, "aprove"), "NoSuchChoice",
        "there is no outcome `aprove` here: possible are `approve`, `reject`, `send-back`",
    ),
    Row(
        at_approve, CHRIS, "approve", lambda task: Decide(task, "approve"), "NotYourPost",
        "`approve` needs the role `approver` and is addressed to `lead`: `lead`, `head` may",
    ),
    Row(
        lambda: at_approve("700"), LEO, "approve",
        lambda task: Decide(task, "approve", shown="x"), "OutsideAuthority",
        "`lead` may take `approve` in `approve` only when `claim.amount <= 500`; `head` may",
    ),
    Row(
        at_approve, lent("zoe", "leo", "lead", outcomes=("claim/approve/reject",)), "approve",
        lambda task: Decide(task, "approve", shown="x"), "OutsideDelegation",
        "the delegation by `leo`, who holds `lead`, does not cover `approve` in `approve`",
    ),
    Row(
        at_approve, person("anna", "head"), "approve",
        lambda task: Decide(task, "approve", shown="x"), "NotSeparate",
        "`approve` is for somebody else: you performed `intake` in this case",
    ),
    Row(
        changed_after_it_was_shown, LEO, "approve",
        lambda task: Decide(task, "approve", {"report": "x"}, shown="0" * 64), "SomethingChanged",
        "what `approve` shows has changed since you opened it: look again and decide",
    ),
    Row(
        at_approve, LEO, "approve", lambda task: Decide(task, "approve", {"report": "x"}),
        "FieldNotAsked", "`approve` does not record `report`: it records `amount`",
    ),
    Row(
        at_approve, LEO, "approve", lambda task: Decide(task, "reject", {"report": "x"}),
        "FieldNotAsked", "`approve` does not record `report`: it records nothing",
    ),
    Row(
        at_approve, LEO, "approve", lambda task: Decide(task, "approve", {"amount": "501"}),
        "OutsideAuthority",
        "`lead` may take `approve` in `approve` only when `claim.amount <= 500`; `head` may",
    ),
    Row(
        at_approve, LEO, "approve", lambda task: Decide(task, "send-back", {}), "FieldsMissing",
        "`approve/send-back` needs `report`",
    ),
    Row(
        at_approve, LEO, "approve", lambda task: Decide(task, "send-back", {"report": "x"}, "  "),
        "ReasonMissing", "`send-back` needs a reason",
    ),
    Row(
        at_approve, LEO, "approve", lambda task: Decide(task, "reject", reason="x" * 10_001),
        "FieldNotFitting",
        f"`reason` expects text of at most 10000 characters, got `{'x' * 100}`",
    ),
    # Recording and taking on.
    Row(
        started, CHRIS, "suspect", lambda task: Record(task, {}), "NotThatKind",
        "`suspect` cannot be recorded at: expected a step that records fields",
    ),
    Row(
        at_payment, CHRIS, "payment", lambda task: Record(task, {}), "NotYourPost",
        "`payment` needs the role `handler`: `group-a`, `group-b`, `lead` may",
    ),
    Row(
        started, ANNA, "intake", lambda task: Record(task, {"claimant": "X"}), "FieldNotAsked",
        "`intake` does not record `claimant`: it records `amount`, `group`, `urgent`, `note`",
    ),
    Row(
        at_payment, ANNA, "payment", lambda task: Assign(task, "anna"), "NotThatKind",
        "`payment` cannot be taken on: expected a task or a decision",
    ),
    Row(
        started, ANNA, "intake", lambda task: Assign(task, "ben"), "NoSuchChoice",
        "there is no person `ben` here: possible are `anna`",
    ),
    Row(
        started, CHRIS, "intake", lambda task: Assign(task, "chris"), "NotYourPost",
        "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may",
    ),
    Row(
        at_approve, person("anna", "lead"), "approve", lambda task: Assign(task, "anna"),
        "NotSeparate", "`approve` is for somebody else: you performed `intake` in this case",
    ),
    # Exceptions and their endings.
    Row(
        suspended, CHRIS, "intake", lambda task: Raise(task, "info-missing"), "IsSuspended",
        "`intake` stands still until `info-missing` is resolved",
    ),
    Row(
        started, CHRIS, "intake", lambda task: Raise(task, "withdrawn"), "NoSuchChoice",
        "there is no exception `withdrawn` here: possible are `info-missing`, `police-asks`",
    ),
    Row(
        started, HEDY, "intake", lambda task: Raise(task, "info-missing"), "NotYourPost",
        "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may",
    ),
    Row(
        started, PORTAL, "intake", lambda task: Raise(task, "info-missing"), "NotYourInterface",
        "`intake` is accepted only from `role/clerk`, `role/handler`",
    ),
    Row(
        started, ANNA, "intake", lambda task: Raise(task, "info-missing", reason="x\0"),
        "FieldNotFitting",
        "`reason` expects text of at most 10000 characters, got `x\0`",
    ),
    Row(
        at_payment, ANNA, "payment", lambda task: Raise(task, "info-missing"), "MoveForbidden",
        "the lifecycle has no move from `settled` to `waiting`",
    ),
    Row(
        started, CHRIS, "intake", lambda task: Resolve(task, "answered"), "IsNotSuspended",
        "`intake` is not suspended",
    ),
    Row(
        suspended, CHRIS, "intake", lambda task: Resolve(task, "forgotten"), "NoSuchChoice",
        "there is no ending `forgotten` here: possible are `answered`, `solved`",
    ),
    Row(
        suspended, CHRIS, "intake", lambda task: Resolve(task, "answered"), "NotYourPost",
        "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may",
    ),
    Row(
        suspended, LEO, "intake", lambda task: Resolve(task, "solved"), "NotYourPost",
        "`intake` needs the role `clerk` and is addressed to `group-a`: `group-a` may",
    ),
    # Messages and time limits.
    Row(
        started, BANK, "intake", lambda task: Deliver(task, "paid-out"), "NotThatKind",
        "`intake` cannot be given a message: expected a wait",
    ),
    Row(
        waiting_suspended, BANK, "payment", lambda task: Deliver(task, "paid"), "IsSuspended",
        "`payment` stands still until `info-missing` is resolved",
    ),
    Row(
        at_payment, PORTAL, "payment", lambda task: Deliver(task, "paid"), "NoSuchChoice",
        "there is no message `paid` here: possible are `paid-out`, `complaint`",
    ),
    Row(
        at_payment, PORTAL, "payment", lambda task: Deliver(task, "paid-out"), "NotYourInterface",
        "`paid-out` is accepted only from `interface/bank`",
    ),
    Row(
        at_payment, ANNA, "payment", lambda task: Deliver(task, "paid-out"), "NotYourInterface",
        "`paid-out` is accepted only from `interface/bank`",
    ),
    Row(
        at_payment, LEO, "payment", lambda task: Deliver(task, "complaint"), "NotYourPost",
        "`complaint` needs the role `clerk`: `group-a`, `group-b` may",
    ),
    Row(
        started, CLOCK, "intake", Expire, "NotThatKind",
        "`intake` cannot be expired: expected a wait with a limit",
    ),
    Row(
        waiting_suspended, CLOCK, "payment", Expire, "IsSuspended",
        "`payment` stands still until `info-missing` is resolved",
    ),
    Row(
        at_payment, HEDY, "payment", Expire, "NotYourInterface",
        "`payment` is accepted only from `clock`",
    ),
    Row(
        at_payment, CLOCK, "payment", Expire, "NotYetDue",
        "`payment` may wait until 26 November 2026 at 09:00 UTC",
    ),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row.name}" for n, row in enumerate(ROWS)])
def test_a_command_is_refused_with_the_first_reason_that_applies(row: Row) -> None:
    desk = row.desk()
    task = desk.id(row.at) if row.at else ""

    refusal = desk.try_(row.command(task), row.actor)

    assert (type(refusal).__name__, str(refusal)) == (row.name, row.words)


def test_a_condition_that_routes_must_have_an_answer() -> None:
    steps = list(model_with().workflows["claim"].steps)
    steps[0] = replace(
        steps[0], then=(*to("handling", 'claim.report = "a" or claim.amount > 1'), *to("approve"))
    )
    rule = replace(LEVELS, rows=(("-", '"low"'),))
    desk = Desk(compile_model(model_with(steps=tuple(steps), rule=rule)))

    refusal = desk.try_(Start({"claimant": "Ines"}), ANNA)

    assert str(refusal) == (
        'no way leads on from `classify`: `claim.report = "a" or claim.amount > 1` has no answer'
        " while `claim.amount` is empty; fill this in first"
    )


def test_two_rows_of_a_unique_table_are_no_answer() -> None:
    rule = replace(LEVELS, rows=(("-", '"low"'), ("> 5", '"high"')))

    refusal = Desk(compile_model(model_with(rule=rule))).try_(
        Start({"claimant": "Ines", "amount": "6"}), ANNA
    )

    assert str(refusal) == "`levels` has no single answer for amount `6`: rows 1, 2 matched"


def test_the_first_of_several_rows_counts_where_the_table_says_so() -> None:
    rule = replace(LEVELS, hit_policy=HitPolicy.FIRST, rows=(("> 5", '"high"'), ("-", '"low"')))
    program = compile_model(model_with(rule=rule))

    assert started(program, amount="6").case.fields["level"] == "high"
    assert started(program, amount="5").case.fields["level"] == "low"


def test_rows_that_agree_are_an_answer_where_the_table_says_any() -> None:
    rows = (("> 5", '"high"'), ("> 7", '"high"'), ("> 9", '"low"'), ("-", '"high"'))
    rule = replace(LEVELS, hit_policy=HitPolicy.ANY, rows=rows)
    program = compile_model(model_with(rule=rule))

    assert started(program, amount="8").case.fields["level"] == "high"
    refusal = Desk(program).try_(Start({"claimant": "Ines", "amount": "10"}), ANNA)
    assert str(refusal) == (
        "`levels` has no single answer for amount `10`: rows 1, 2, 3, 4 matched"
    )


def test_a_rule_may_not_answer_what_its_field_cannot_hold() -> None:
    rule = replace(LEVELS, outputs=(Output("amount"),), rows=(("-", "10 ** 40"),))

    refusal = Desk(compile_model(model_with(rule=rule))).try_(
        Start({"claimant": "Ines", "amount": "1"}), ANNA
    )

    assert str(refusal) == f"`amount` expects a number such as `12.50`, got `1{'0' * 40}`"


def steps_with_a_loop() -> tuple[Step, ...]:
    first = RuleStep("classify", "Classify", then=to("again"), rule="levels")
    again = RuleStep("again", "Again", then=to("classify"), rule="levels")
    return first, again


def test_a_loop_of_steps_that_need_nobody_is_cut() -> None:
    desk = Desk(compile_model(model_with(steps=steps_with_a_loop(), exceptions=())))

    refusal = desk.try_(Start({"claimant": "Ines", "amount": "1"}), ANNA)

    assert str(refusal) == (
        "`classify` is come to again and again without anybody acting: the loop has no end"
    )


def test_a_record_must_satisfy_the_invariant_of_its_state() -> None:
    rule = replace(LEVELS, rows=(("-", '"low"'),))
    desk = Desk(compile_model(model_with(rule=rule)))
    desk.start(amount="1")
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)

    refusal = desk.try_(Decide(desk.id("approve"), "approve", {"amount": None}), HEDY)

    assert str(refusal) == "a record in `settled` must satisfy `claim.amount != null`"


def test_a_case_ends_only_as_its_stage_allows() -> None:
    desk = at_approve()
    desk.do(Decide(desk.id("approve"), "approve"), LEO)
    desk.do(Record(desk.id("payment"), {"report": "unfinished"}), ANNA)

    refusal = desk.try_(Deliver(desk.id("payment"), "paid-out"), BANK)

    assert str(refusal) == (
        'stage `settle` lets a case end only when `claim.report != "unfinished"`'
    )


def test_every_refusal_is_met_here() -> None:
    elsewhere = {
        "Undecided", "NoRow", "NoAnswer", "EndlessLoop", "InvariantBroken", "AlreadyVoted",
        "NotYourCall", "AnswerNotFitting", "NotYetLate", "RunsBeside", "OverAllowance",
        "PathNotFitting",
        "NotYourRepair", "NothingToRepair", "TwoRepairs", "ProposalGone", "NeedsAnother",
        "ProposerLeft", "PastDecision", "PastRule", "DecisionRestsOn", "BeyondBoth", "CouldNotVote",
        "NothingToDecline", "NotYoursToDecline", "DeclinesOwn",
        "NotOverridable", "NotYourOverride", "NotYourConfirmation", "NeedlessOverride",
        "OverrideGone", "OverrideLapsed", "ReviewOverdue", "NotYourReview", "OwnReview",
            "NobodyAnswers", "OnlyPeopleVote",
    }  # fmt: skip

    assert {row.name for row in ROWS} | elsewhere == {kind.__name__ for kind in get_args(Refusal)}


def test_nothing_of_a_refused_command_remains() -> None:
    desk = at_approve()
    before = desk.case

    refused = desk.try_(Decide(desk.id("approve"), "approve", {"amount": "501"}), LEO)

    assert not isinstance(refused, Transition)
    assert desk.case == before
    assert desk.case.fields["amount"] == "200"


def test_what_was_shown_may_be_named() -> None:
    desk = at_approve()
    shown = desk.do(Decide(desk.id("approve"), "approve"), LEO).revealed["shown"]

    assert shown == {"claimant": "Ines Prado", "amount": "200", "report": "seen"}


def test_a_late_command_is_refused_even_by_the_clock() -> None:
    desk = at_payment()
    task = desk.id("payment")
    desk.do(Deliver(task, "paid-out"), BANK)
    desk.pass_time(11 * DAY)

    assert type(desk.try_(Expire(task), CLOCK)).__name__ == "CaseIsClosed"
