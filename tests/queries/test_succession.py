"""The succession pack: what goes with a post, and who may open it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from psycopg import Cursor

from kingpost.decisions.commands import Decide, Start
from kingpost.engine import delegations, register
from kingpost.engine.delegations import Delegation
from kingpost.engine.register import Appointment
from kingpost.model.parts.links import links_of
from kingpost.queries.succession.coming import read_coming
from kingpost.queries.succession.declared import (
    exceptions_of,
    kept_by,
    stands_in_for,
    told_when_late,
)
from kingpost.queries.succession.opening import openers
from kingpost.queries.succession.pack import Closed, Succession
from kingpost.queries.succession.reading import read_succession
from kingpost.queries.worklist import View, read_worklist
from kingpost.queries.worklists.asking import Wanted
from kingpost.store.pool import Database as Pool
from kingpost.store.reading.lists.succession import decided
from kingpost.store.reading.people import moment
from tests.decisions.purchase import PURCHASE
from tests.engine.agency import agency
from tests.engine.office import LONG_AGO, WITH_A_LADDER, Office, read
from tests.queries.claims import DAY, HOUR, Claims, model

ASK = "Ask Leo (“Team lead”) or Hedy (“Head of claims”)."
CLOSED = (
    "What goes with “Team lead” is open to who holds it or is appointed to it, to the posts above "
    f"it, and to who keeps it in the model. {ASK}"
)


def pack(claims: Claims, post: str, size: int = 50, page: int = 1) -> Succession:
    found = read_succession(claims.database, claims.program, post, page=page, size=size)
    assert isinstance(found, Succession)
    return found


def opens(claims: Claims, person: str, post: str = "lead", acting_as: str | None = None) -> bool:
    found = read_succession(
        claims.database, claims.program, post, person=person, acting_as=acting_as
    )
    assert found is not None
    return isinstance(found, Succession)


def test_it_holds_all_that_goes_with_the_post(claims: Claims) -> None:
    lead = pack(claims, "lead")

    assert (lead.post.id, lead.model, lead.place.unit_title) == (
        "lead",
        claims.program.version,
        "Claims",
    )
    assert lead.place.reports_to is not None
    assert lead.place.reports_to.holders[0].person == "hedy"
    assert [item.post for item in lead.place.below] == ["check", "desk"]
    assert [item.title for item in lead.place.stands_in] == ["Fraud checker", "Claims desk"]
    assert [(item.number, item.step) for item in lead.work.page.rows] == [("CLM-F", "approve")]
    (approve,) = lead.decisions
    assert (approve.address, approve.outcomes, approve.grant.when, approve.open) == (
        "workflow/claim/step/approve",
        ("Approve", "Reject"),
        "claim.amount <= 500",
        1,
    )
    assert approve.separate_from == ("Examine",)
    (kept,) = lead.obligations
    # C was to be examined within 2 days of its start, 5 days ago; D and E are in time.
    assert (kept.now.counts.owed, kept.now.counts.overdue) == (3, 1)
    assert kept.next_due == claims.now - 3 * DAY
    (fast,) = lead.objectives
    assert [(each.id, each.status.value) for each in fast.measures] == [
        ("time", "on-track"),
        ("prompt", "at-risk"),
        ("few", "off-track"),
    ]
    assert [(each.number, each.outcome, each.person) for each in lead.recent] == [
        ("CLM-B", "Reject", "leo"),
        ("CLM-A", "Approve", "leo"),
    ]
    assert [(each.kind, [part.title for part in each.parts]) for each in lead.kept] == [
        ("object", ["Claim"])
    ]
    assert [item.person for item in lead.holders] == ["leo"]
    head, desk = pack(claims, "head"), pack(claims, "desk")
    assert [(item.id, item.in_flight) for item in head.workflows] == [("claim", 4)]
    assert head.work.counts[View.BELOW] == 1
    assert [(item.address.rpartition("/")[2], item.open) for item in desk.exceptions] == [
        ("info-missing", 1),
        ("delayed", 0),
    ]
    assert desk.decisions == ()
    assert desk.recent == ()


def test_the_work_is_what_a_new_holder_finds_and_nothing_of_the_records(claims: Claims) -> None:
    """The post stands empty, so that its work falls to another until somebody comes."""
    register.end_appointment(claims.company, claims.appointments["leo"], LONG_AGO, by="test")
    before = pack(claims, "lead")
    assert before.place.acting is not None
    assert before.place.acting.post == "head"

    register.keep_people(claims.company, [("nina", "Nina")])
    with claims.database.connection() as connection:
        here = moment(connection)
    register.appoint(claims.company, [Appointment("nina", "lead", here)], by="test")

    found = read_worklist(claims.database, claims.program, "nina", Wanted())
    assert found.page.total > 0
    assert [item.id for item in found.page.rows] == [item.id for item in before.work.page.rows]
    assert all(item.titles for item in found.page.rows)
    assert not any(item.titles for item in before.work.page.rows)


def test_much_work_comes_in_pages_and_says_how_much_there_is(claims: Claims) -> None:
    first, second = (pack(claims, "desk", size=2, page=page) for page in (1, 2))

    numbers = [[item.number for item in each.work.page.rows] for each in (first, second)]
    assert numbers == [["CLM-C", "CLM-D"], ["CLM-E"]]
    assert (first.work.page.total, first.work.page.last) == (3, 2)
    assert first.work.counts[View.OVERDUE] == 1


def test_what_is_lent_stands_with_whom_it_stays(claims: Claims) -> None:
    times = claims.now - HOUR, claims.now + DAY
    lent = [
        Delegation("leo", "lead", "ben", *times, "Leave"),
        Delegation("hedy", "head", "leo", *times, "Leave"),
    ]
    for wish in lent:
        delegations.delegate(claims.company, wish, by="test")

    lead = pack(claims, "lead")

    assert [(item.giver, item.person) for item in lead.given] == [("leo", "ben")]
    assert [(item.person, item.post, item.giver_name) for item in lead.received] == [
        ("leo", "head", "Hedy")
    ]


def test_only_those_whom_it_concerns_may_open_it(claims: Claims) -> None:
    people = [("nina", "Nina"), ("paul", "Paul"), ("wim", "Wim"), ("zoe", "Zoe")]
    register.keep_people(claims.company, people)
    now = claims.now
    register.end_appointment(claims.company, claims.appointments["leo"], now + DAY, by="test")
    # Nina will hold it; Wim was to, and is not any more. Zoe is lent all of it.
    to_come = [Appointment("wim", "lead", now + DAY), Appointment("nina", "lead", now + DAY)]
    register.end_appointment(claims.company, claims.appointments["carl"], LONG_AGO, by="test")
    (withdrawn,) = register.appoint(claims.company, to_come[:1], by="test")
    register.end_appointment(claims.company, withdrawn, now, by="test")
    register.appoint(claims.company, to_come[1:], by="test")
    times = now - HOUR, now + HOUR
    lent = Delegation("leo", "lead", "zoe", *times, "Leave")
    delegations.delegate(claims.company, lent, by="test")

    may = {name: opens(claims, name) for name in ("leo", "nina", "hedy")}
    may_not = {name: opens(claims, name) for name in ("anna", "wim", "zoe", "paul", "nobody")}

    assert may == {"leo": True, "nina": True, "hedy": True}
    assert not any(may_not.values()), may_not
    # Who held a post does not open its pack any more.
    assert not opens(claims, "carl", "check")
    assert opens(claims, "leo", "check")
    closed = read_succession(claims.database, claims.program, "lead", person="anna")
    assert isinstance(closed, Closed)
    assert closed.words == CLOSED
    assert read_succession(claims.database, claims.program, "leed", person="hedy") is None
    coming = {name: read_coming(claims.database, claims.program, name) for name in ("nina", "wim")}
    assert [(item.post, item.since) for item in coming["nina"]] == [("lead", now + DAY)]
    assert coming["wim"] == ()
    assert read_coming(claims.database, claims.program, "leo") == ()


@pytest.mark.parametrize(
    ("post", "names"),
    [
        ("head", ("head",)),
        ("lead", ("lead", "head")),
        # Governance names the head as the keeper of every part, and a superior counts once.
        ("desk", ("desk", "lead", "head")),
    ],
)
def test_a_pack_is_open_to_the_post_those_above_and_its_keeper(
    post: str, names: tuple[str, ...]
) -> None:
    assert openers(model(), post) == names


def test_what_the_model_lays_on_a_post_is_read_from_its_links() -> None:
    company = read(
        WITH_A_LADDER.replace(
            '- {part: "*", custodian: head}',
            '- {part: "rule/*", custodian: desk}\n  - {part: "*", custodian: head}',
        )
    )
    links = links_of(company)

    assert [(each.kind, each.total) for each in kept_by(links, "desk")] == [
        ("governance", 1),
        ("rule", 1),
    ]
    # The ladder tells the checker at once, and a day later who stands above the desk.
    told = {post: told_when_late(company, post) for post in company.posts}
    assert [item.title for item in told["check"]] == ["Examine, in Claim"]
    assert [item.title for item in told["lead"]] == ["Examine, in Claim"]
    assert (told["head"], told["desk"]) == ((), ())
    assert stands_in_for(company, "desk") == ()
    assert [item.title for item in exceptions_of(company, company.posts["head"])] == [
        "The claimant withdraws"
    ]


def test_of_a_post_for_agents_it_is_for_who_answers_for_them(pool: Pool) -> None:
    office = agency(pool)
    office.start()
    program = office.company.active()

    found = read_succession(pool, program, "screen", person="leo")
    agent = read_succession(pool, program, "screen", person="bot")

    assert isinstance(found, Succession)
    assert found.work.counts[View.ALL] == 1
    assert {item.kind for item in found.holders} == {"agent"}
    assert isinstance(agent, Closed)
    assert agent.words == (
        "What goes with “Screening” is open to the post that answers for its agents, to the posts "
        "above it, and to who keeps it in the model. Ask Leo (“Team lead”) or Hedy (“Head of "
        "claims”)."
    )


def test_who_acts_in_one_post_opens_by_that_alone(claims: Claims) -> None:
    now = claims.now
    register.appoint(claims.company, [Appointment("hedy", "desk", LONG_AGO)], by="test")
    register.end_appointment(claims.company, claims.appointments["leo"], now + DAY, by="test")
    register.appoint(claims.company, [Appointment("anna", "lead", now + DAY)], by="test")

    by = {
        (person, post): opens(claims, person, acting_as=post)
        for person, post in (
            ("hedy", None),
            ("hedy", "head"),
            ("hedy", "desk"),
            ("leo", "head"),
            ("anna", None),
            ("anna", "desk"),
        )
    }

    assert [who for who, may in by.items() if may] == [
        ("hedy", None),
        ("hedy", "head"),
        ("anna", None),
    ]
    ways = [read_coming(claims.database, claims.program, "anna", post) for post in (None, "desk")]
    assert [len(each) for each in ways] == [1, 0]


def test_who_is_left_on_a_post_that_became_one_for_agents_does_not_open_it(
    claims: Claims,
) -> None:
    """Carl checks for fraud, until the model leaves that to agents for whom the head answers."""
    before = opens(claims, "carl", "check")
    check = claims.program.model.posts["check"]
    posts = {**claims.program.model.posts, "check": replace(check, answered_for_by="head")}
    program = replace(claims.program, model=replace(claims.program.model, posts=posts))

    after = read_succession(claims.database, program, "check", person="carl")

    assert before
    assert isinstance(after, Closed)
    assert [item.post for item in after.could] == ["head", "lead"]


def test_decisions_are_looked_for_among_the_latest_of_each_who_held_the_post(
    claims: Claims,
) -> None:
    """Leo approved A before he rejected B."""
    since = claims.now - timedelta(days=90)

    with claims.database.snapshot() as connection:
        told = [
            [row["number"] for row in decided(connection, "lead", since=since, among=many, limit=9)]
            for many in (1, 2)
        ]

    assert told == [["CLM-B"], ["CLM-B", "CLM-A"]]


def test_what_the_model_does_not_lay_on_a_post_is_not_counted(
    claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the head owns a process, the checker ends no exception, and nothing calls a system."""
    told = {post: statements(claims, post, monkeypatch) for post in ("check", "desk", "head")}
    flows, held, calls = "GROUP BY workflow\n", "suspended, count(DISTINCT", "FROM outbox\n"

    counted = {
        post: [part for part in (flows, held, calls) if any(part in each for each in asked)]
        for post, asked in told.items()
    }

    assert counted == {"check": [], "desk": [held], "head": [flows, held]}


def test_what_is_lent_is_read_once_for_all_who_hold_the_post(
    claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = statements(claims, "desk", monkeypatch)

    assert len([each for each in asked if "JOIN person AS lender" in each]) == 2


def statements(claims: Claims, post: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what a pack asks of the database."""
    asked, execute = list[str](), Cursor[Any].execute

    def told(cursor: Any, query: Any, *more: Any, **other: Any) -> Any:  # noqa: ANN401 - as it is
        asked.append(query)
        return execute(cursor, query, *more, **other)

    with monkeypatch.context() as patch:
        patch.setattr(Cursor, "execute", told)
        pack(claims, post)
    return asked


def test_decisions_are_told_of_the_last_time_only(claims: Claims) -> None:
    claims.start("G", timedelta(days=100))
    claims.decide("G", "suspect", "clear", "carl", HOUR)
    claims.start("H", timedelta(days=80))
    claims.decide("H", "suspect", "clear", "carl", HOUR)

    told = [item.number for item in pack(claims, "check").recent]

    assert "CLM-H" in told
    assert "CLM-G" not in told


# A second post below the head, with the allowance of the lead word for word.
SECOND = PURCHASE.replace(
    "  head:\n    unit: islands",
    """\
  deputy:
    unit: u
    reports-to: head
    roles: [approver]
    vacancy: holds
    authority:
      - decide: purchase/approve
        outcomes: [approve]
        allowance: {at-most: 1000 EUR, of: price, per: month}
  head:
    unit: islands""",
)


def test_what_is_used_is_that_of_the_post_though_another_has_the_same_allowance(
    pool: Pool,
) -> None:
    holders = {"anna": "desk", "leo": "lead", "ben": "deputy", "hedy": "head"}
    office = Office.opened(pool, holders, text=SECOND, workflow="purchase")
    case = office.do(Start({"price": "600", "what": "a saw"}), "anna").case
    office.do(Decide(office.task(case, "approve"), "approve"), "leo")

    used: dict[str, Decimal | None] = {}
    for post in ("lead", "deputy"):
        found = read_succession(pool, office.company.active(), post)
        assert isinstance(found, Succession)
        used[post] = found.decisions[0].used

    assert used == {"lead": Decimal(600), "deputy": Decimal(0)}
