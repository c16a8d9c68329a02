"""Alarms: posts that stand empty with something to do, and work that reaches nobody."""

from datetime import timedelta
from pathlib import Path

import pytest

import tests.engine
from kingpost.decisions.commands import Complete, Decide
from kingpost.decisions.program import compile_model
from kingpost.engine import delegations, register
from kingpost.model.workflow import Decision
from kingpost.queries.alarms.alarm import Alarm, AlarmKind
from kingpost.queries.alarms.alike import reads_of
from kingpost.queries.alarms.marking import Mark
from kingpost.queries.alarms.reading import read_alarms
from kingpost.queries.people import read_reader
from kingpost.store.pool import Database as Pool
from tests.engine.office import DECADES, LONG_AGO, Office, read
from tests.queries.claims import DAY, HOUR, Claims
from tests.worker.lender import Lender

HEAD_IS_EMPTY = (
    "Nobody holds “Head of claims”, and nobody stands in for it. It is needed for "
    "“Customers trust us”, “Claim”, “the model’s part *” and “Is the claim approved?”."
)
LEAD_FALLS = "roles: [approver]\n    vacancy: {falls-to: superior}"
LEAD_HOLDS = "roles: [approver]\n    vacancy: holds"
FILL = "Appoint somebody to it, or name in its vacancy policy a post that acts."


def alarms(claims: Claims | Office) -> tuple[Alarm, ...]:
    company = claims.company
    return read_alarms(company.database, company.active(), company.program).alarms


def leave(claims: Claims | Office, *people: str) -> None:
    # A moment that has passed means now.
    for person in people:
        register.end_appointment(claims.company, claims.appointments[person], LONG_AGO, by="test")


def changed(old: str, new: str) -> str:
    """Return the company of the engine's tests with something changed."""
    text = (Path(next(iter(tests.engine.__path__))) / "company.yaml").read_text()
    assert old in text
    return text.replace(old, new, 1)


def counted(claims: Claims | Office, person: str) -> int:
    company = claims.company
    reader = read_reader(company.database, person)
    return Mark().count(company.database, company.active(), company.program, reader)


def test_there_is_no_alarm_while_everybody_is_on_their_post(claims: Claims) -> None:
    assert alarms(claims) == ()


def test_a_post_that_falls_to_another_is_no_alarm(claims: Claims) -> None:
    leave(claims, "leo", "carl")

    assert alarms(claims) == ()


def test_a_post_that_nobody_holds_or_stands_in_for_is_an_alarm(claims: Claims) -> None:
    leave(claims, "hedy")

    (head,) = alarms(claims)

    assert (head.kind, head.post, head.address) == (AlarmKind.VACANT, "head", "post/head")
    assert head.since is not None
    assert claims.now <= head.since
    assert (head.what, head.remedy) == (HEAD_IS_EMPTY, FILL)
    assert (head.work, head.concerns) == (0, ())
    assert [duty.address for duty in head.duties] == [
        "objective/trust",
        "workflow/claim",
        "governance/1",
        "workflow/claim/step/approve",
    ]


def test_who_is_to_stand_in_and_is_not_there_either_is_named(claims: Claims) -> None:
    leave(claims, "hedy", "leo")

    head, lead = alarms(claims)

    assert head.what == HEAD_IS_EMPTY
    assert lead.what == (
        "Nobody holds “Team lead”, and “Head of claims”, which is to stand in, is empty, too. "
        "1 piece of open work is addressed to it and it is needed for “Claims are fast”, "
        "“Is the claim approved?”, “Claim” and “The report is kept”."
    )
    assert lead.work == 1


def test_the_alarm_ends_with_the_next_appointment(claims: Claims) -> None:
    leave(claims, "hedy")
    assert len(alarms(claims)) == 1

    since = claims.now - HOUR
    register.appoint(claims.company, [register.Appointment("ben", "head", since)], by="test")

    assert alarms(claims) == ()


def test_a_post_whose_holders_are_all_away_is_an_alarm_until_one_is_back(claims: Claims) -> None:
    back = claims.now + 3 * DAY
    wish = register.Absence("hedy", claims.now - HOUR, back, "holiday")
    absence = register.note_absence(claims.company, wish, by="test")

    (head,) = alarms(claims)

    assert (head.kind, head.since, head.until) == (AlarmKind.AWAY, claims.now - HOUR, back)
    assert head.what.startswith(
        "Everybody who holds “Head of claims” is away, and nobody stands in for it. It is needed "
    )
    assert head.remedy == (
        "Appoint somebody acting, lend its authority to somebody who is there, or name in its "
        "vacancy policy who acts."
    )
    register.end_absence(claims.company, absence, claims.now, by="test")
    assert alarms(claims) == ()


def test_who_was_lent_all_of_it_fills_a_post_whose_holder_is_away(claims: Claims) -> None:
    wish = register.Absence("hedy", claims.now - HOUR, None, "ill")
    register.note_absence(claims.company, wish, by="test")

    def lend(*workflows: str) -> None:
        times = claims.now - HOUR, claims.now + DAY
        lent = delegations.Delegation("hedy", "head", "leo", *times, "ill", workflows)
        delegations.delegate(claims.company, lent, by="test")

    lend("claim")
    assert [alarm.post for alarm in alarms(claims)] == ["head"]
    lend()
    assert alarms(claims) == ()


def test_a_decision_that_nobody_in_reach_may_take_on_its_record_is_an_alarm(
    claims: Claims,
) -> None:
    # The lead decides up to 500; this claim is about 900.
    claims.do("C", Complete(claims.task("C", "examine"), {"report": "ok"}), "ben", 4 * DAY)
    assert alarms(claims) == ()

    leave(claims, "hedy")
    head, claim = alarms(claims)

    assert head.post == "head"
    assert (claim.kind, claim.address, claim.work, claim.numbers) == (
        AlarmKind.UNDECIDED,
        "workflow/claim/step/approve",
        1,
        ("CLM-C",),
    )
    assert (claim.what, claim.remedy) == (
        "Nobody whom “Is the claim approved?” reaches may take any outcome of it in 1 case.",
        "Appoint somebody to “Head of claims”, who may take an outcome here.",
    )
    assert (claim.since, claim.posts) == (claims.now - DAY, ("head",))


def test_work_for_which_nobody_is_separate_is_an_alarm(claims: Claims) -> None:
    # Leo, who alone is left to approve, has examined this claim himself.
    since = claims.now - 9 * DAY
    register.appoint(claims.company, [register.Appointment("leo", "desk", since)], by="test")
    claims.do("D", Complete(claims.task("D", "examine"), {"report": "ok"}), "leo", HOUR / 2)
    claims.decide("D", "suspect", "clear", "carl", HOUR / 2)
    assert alarms(claims) == ()

    leave(claims, "hedy")

    claim = alarms(claims)[1]
    assert (claim.kind, claim.numbers) == (AlarmKind.NOT_SEPARATE, ("CLM-D",))
    assert (claim.what, claim.remedy) == (
        (
            "“Is the claim approved?” reaches nobody in 1 case: all who are there for "
            "“Team lead” have done what it is to be separate from."
        ),
        "Appoint another person to “Team lead”.",
    )


ALONE = "        separate-from: [examine]\n"


def test_a_decision_of_several_that_reaches_too_few_is_an_alarm(pool: Pool) -> None:
    """Two of three must agree: hedy and leo may, and leo only up to 500."""
    office = Office.opened(pool, text=changed(ALONE, f"{ALONE}        quorum: 2 of 3\n"))
    small = office.examined("200")
    assert alarms(office) == ()

    large = [office.examined("900"), office.examined("900"), office.examined("901")]

    (few,) = alarms(office)
    assert (few.kind, few.work, few.needed, few.reached) == (AlarmKind.TOO_FEW, 3, 2, 1)
    assert few.numbers == tuple(office.case(each).number for each in large)
    assert few.what == (
        "“Is the claim approved?” reaches too few in 3 cases: 2 must agree, and 1 person who may "
        "is there for “Head of claims”."
    )
    assert few.remedy == "Appoint another person to “Head of claims”."
    # Who is away is not there, until they vote.
    wish = register.Absence("hedy", LONG_AGO, None, "ill")
    absence = register.note_absence(office.company, wish, by="test")
    assert {alarm.kind: alarm.work for alarm in alarms(office) if alarm.step} == {
        AlarmKind.TOO_FEW: 1,
        AlarmKind.UNDECIDED: 3,
    }
    office.do(Decide(office.task(small, "approve"), "approve"), "hedy")
    assert AlarmKind.TOO_FEW not in {alarm.kind for alarm in alarms(office)}
    register.end_absence(office.company, absence, LONG_AGO, by="test")
    # A second head comes.
    register.appoint(office.company, [register.Appointment("ben", "head", LONG_AGO)], by="test")
    assert alarms(office) == ()


def test_work_of_a_role_that_nobody_carries_now_is_one_alarm(pool: Pool) -> None:
    office = Office.opened(pool, text=changed("                  to: {post: desk}\n", ""))
    numbers = [office.case(office.start()).number for _ in range(4)]
    leave(office, "anna", "ben", "leo", "hedy")

    work = [alarm for alarm in alarms(office) if alarm.kind is AlarmKind.NOBODY]

    assert [(alarm.step, alarm.work, alarm.post, alarm.role) for alarm in work] == [
        ("examine", 4, None, "clerk")
    ]
    assert work[0].numbers == tuple(numbers[:3])
    assert (work[0].what, work[0].remedy) == (
        "“Examine” reaches nobody in 4 cases: nobody is there for “Claims desk”.",
        "Appoint somebody to “Claims desk”.",
    )


def test_an_alarm_counts_for_those_who_may_do_something_about_it(pool: Pool) -> None:
    office = Office.opened(pool, text=changed(LEAD_FALLS, LEAD_HOLDS))
    lent = delegations.Delegation("hedy", "head", "anna", LONG_AGO, LONG_AGO + DECADES, "all")
    delegations.delegate(office.company, lent, by="test")
    assert counted(office, "hedy") == 0

    leave(office, "leo")

    (lead,) = alarms(office)
    assert (lead.post, lead.concerns) == ("lead", ("head",))
    # To appoint is not lent: neither to anna, who else may do all that hedy may.
    assert [counted(office, person) for person in ("hedy", "anna", "ben")] == [1, 0, 0]


def test_the_number_is_read_again_when_somebody_comes_or_goes_and_in_time(pool: Pool) -> None:
    office = Office.opened(pool, text=changed(LEAD_FALLS, LEAD_HOLDS))
    office.examined()
    company, hedy = office.company, read_reader(pool, "hedy")
    minute, always, at_once = Mark(), Mark(timedelta(0)), Mark(times=0)

    def count(mark: Mark) -> int:
        return mark.count(pool, company.active(), company.program, hedy)

    assert (count(minute), count(always), count(at_once)) == (0, 0, 0)
    leave(office, "leo")
    assert (count(minute), count(always), count(at_once)) == (1, 1, 1)

    # What goes past the history is seen a minute later at most, and with the next event.
    with pool.transaction() as connection:
        connection.execute("UPDATE task SET post = NULL, role = 'nobody' WHERE step = 'approve'")
    assert (count(minute), count(always), count(at_once)) == (1, 2, 1)
    office.start()
    assert count(at_once) == 2
    no_post = alarms(office)[1]
    assert (no_post.what, no_post.remedy, no_post.concerns) == (
        "“Is the claim approved?” reaches nobody in 1 case: no post may do it.",
        "Let a post that is held carry its role in the model.",
        ("head",),
    )


def test_a_call_that_failed_lies_with_the_post_that_answers_for_it(pool: Pool) -> None:
    lender = Lender(pool)
    for _ in range(2):
        lender.begin()
    # Nobody has told where the bureau is.
    lender.work()

    def found() -> tuple[Alarm, ...]:
        return read_alarms(pool, lender.company.active(), lender.company.program).alarms

    assert {row["suspended"] for row in lender.sql("SELECT suspended FROM task")} != {None}
    assert found() == ()

    register.note_absence(lender.company, register.Absence("lina", LONG_AGO), by="test")

    (links,) = found()
    assert (links.kind, links.work, links.since) == (AlarmKind.AWAY, 2, LONG_AGO)
    assert links.what == (
        "Everybody who holds “Links” is away, and nobody stands in for it. 2 pieces of open work "
        "are addressed to it and it is needed for “Bank” and “Bureau”."
    )


@pytest.mark.parametrize(
    ("when", "fields", "entered", "changed_fields"),
    [
        ("claim.amount <= 500", ["amount"], [], []),
        ('claim.level = "low" and claim.state = "new"', ["level"], [], []),
        ("entered.examine > 1 and changed.amount = 0", [], ["examine"], ["amount"]),
    ],
)
def test_work_is_alike_by_what_the_rights_over_it_read(
    when: str, fields: list[str], entered: list[str], changed_fields: list[str]
) -> None:
    flow = compile_model(read(changed('"claim.amount <= 500"', f"'{when}'"))).workflows["claim"]
    step = flow.places["approve"].step
    assert isinstance(step, Decision)

    assert reads_of(flow, step, ()) == {
        "fields": fields,
        "entered": entered,
        "changed": changed_fields,
    }
