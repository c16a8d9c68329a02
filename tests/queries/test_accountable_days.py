"""Who was accountable, day by day: a table against what one expects by hand.

The claims stand in New York and the company in Lisbon: a day of the posts is no day of the company.
"""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest

import tests.engine
from kingpost.engine import delegations, register
from kingpost.engine.company import Company
from kingpost.engine.delegations import Delegation
from kingpost.engine.register import Absence, Appointment
from kingpost.queries.accountability.answer import Accountable, AnsweredThen, NothingThereError
from kingpost.queries.accountability.reading import who_was_accountable
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import read
from tests.queries.claims import DAY, Claims

NEW_YORK, LISBON = ZoneInfo("America/New_York"), ZoneInfo("Europe/Lisbon")
OURS = "calendars:\n"
CHANGES = (
    (OURS, OURS + "  over-there: {title: There, hours: always, timezone: America/New_York}\n"),
    ("{title: Claims, calendar: always}", "{title: Claims, calendar: over-there}"),
)


def here(day: int, hour: int = 0) -> datetime:
    """Return an hour of June 2026 in New York."""
    return datetime(2026, 6, day, hour, tzinfo=NEW_YORK)


# What is on record. Leo leaves at noon and Mia comes at ten in the evening of the next day, when it
# is the day after in Lisbon already.
APPOINTED = (
    Appointment("hedy", "head", datetime(2026, 1, 1, tzinfo=NEW_YORK)),
    Appointment("leo", "lead", here(1), here(10, 12)),
    Appointment("mia", "lead", here(11, 22), here(20), "acting"),
    Appointment("carl", "check", here(1)),
)
AWAY = (Absence("carl", here(5), here(6, 12), "Ill"), Absence("hedy", here(24), here(25), "Leave"))
LENT = Delegation("leo", "lead", "ben", here(3, 9), here(4, 9), "Leave")

# The day, what is asked, and: who held it, to whom it was lent, and who stood in from which hour on
# of that day to which (24 is its end).
Stood = tuple[str | None, list[str], int, int]
DAYS: tuple[tuple[date, str, list[str], list[str], list[Stood]], ...] = (
    (date(2025, 12, 31), "lead", [], [], [(None, [], 0, 24)]),
    (date(2026, 1, 1), "lead", [], [], [("head", ["hedy"], 0, 24)]),
    (date(2026, 5, 31), "lead", [], [], [("head", ["hedy"], 0, 24)]),
    (date(2026, 6, 1), "lead", ["leo"], [], []),
    (date(2026, 6, 2), "post/lead", ["leo"], [], []),
    (date(2026, 6, 3), "lead", ["leo"], ["ben"], []),
    (date(2026, 6, 4), "lead", ["leo"], ["ben"], []),
    (date(2026, 6, 5), "lead", ["leo"], [], []),
    (date(2026, 6, 10), "lead", ["leo"], [], [("head", ["hedy"], 12, 24)]),
    (date(2026, 6, 11), "lead", ["mia acting"], [], [("head", ["hedy"], 0, 22)]),
    (date(2026, 6, 12), "lead", ["mia acting"], [], []),
    (date(2026, 6, 19), "lead", ["mia acting"], [], []),
    (date(2026, 6, 20), "lead", [], [], [("head", ["hedy"], 0, 24)]),
    (date(2026, 6, 24), "lead", [], [], [(None, [], 0, 24)]),
    (date(2090, 1, 1), "lead", [], [], [("head", ["hedy"], 0, 24)]),
    (date(2026, 6, 4), "check", ["carl"], [], []),
    (date(2026, 6, 5), "check", ["carl away"], [], [("lead", ["leo"], 0, 24)]),
    (date(2026, 6, 6), "check", ["carl"], [], [("lead", ["leo"], 0, 12)]),
    (date(2026, 6, 24), "head", ["hedy away"], [], [(None, [], 0, 24)]),
    (date(2026, 6, 5), "workflow/claim/step/approve", ["leo"], [], []),
    (date(2026, 6, 11), "obligation/report-kept", ["mia acting"], [], [("head", ["hedy"], 0, 22)]),
    (date(2026, 6, 11), "object/claim", ["mia acting"], [], [("head", ["hedy"], 0, 22)]),
    (date(2026, 6, 11), "rule/levels", ["hedy"], [], []),
)


@pytest.fixture
def company(pool: Pool) -> Company:
    """The insurer, with what is on record."""
    company = Company(pool)
    company.load(read(changed()))
    names = ("hedy", "leo", "mia", "carl", "ben")
    register.keep_people(company, ((name, name.title()) for name in names))
    register.appoint(company, APPOINTED, by="test")
    for absence in AWAY:
        register.note_absence(company, absence, by="test")
    delegations.delegate(company, LENT, by="test")
    return company


def changed(*more: tuple[str, str]) -> str:
    text = (Path(next(iter(tests.engine.__path__))) / "company.yaml").read_text()
    for old, new in (*CHANGES, *more):
        assert old in text, old
        text = text.replace(old, new)
    return text


def ask(company: Company, address: str, day: date) -> Accountable:
    return who_was_accountable(company.database, company.program, address, day)


def told(found: AnsweredThen, start: datetime) -> tuple[list[str], list[str], list[object]]:
    """Return an answer as the table has it."""
    holders = [
        " ".join(
            filter(None, (item.person, "acting" * (item.kind == "acting"), "away" * item.absent))
        )
        for item in found.holders
    ]
    stood_in: list[object] = [
        (
            part.post,
            [item.person for item in part.holders],
            *((at - start).total_seconds() / 3600 for at in (part.since, part.until)),
        )
        for part in found.stood_in
    ]
    return holders, [item.person for item in found.delegates], stood_in


def test_each_day_of_the_table_is_answered_as_expected(company: Company) -> None:
    for day, address, holders, delegates, stood_in in DAYS:
        found = ask(company, address, day)

        (post,) = found.posts
        assert told(post, found.start) == (holders, delegates, stood_in), (day, address)
        assert found.zone == "America/New_York"
        assert found.start.astimezone(NEW_YORK).date() == day


def test_a_case_is_answered_for_by_its_owner_and_where_its_work_lay(claims: Claims) -> None:
    """Claim A was begun and examined, approved after two days and paid after three."""
    start = claims.cases["A"].started_at
    days = [(start + nth * DAY).astimezone(LISBON).date() for nth in range(5)]

    def posts(day: date) -> set[tuple[str, str]]:
        found = who_was_accountable(claims.database, claims.company.program, "case/CLM-A", day)
        assert found.title == "CLM-A, Claim"
        return {(post.post, post.what) for post in found.posts}

    begun, examined, approved, paid, after = map(posts, days)

    owner = ("head", "")
    assert begun == {owner, ("desk", "Examine"), ("check", "Is there no fraud?")}
    assert {owner, ("desk", "Examine"), ("lead", "Is the claim approved?")} <= examined | approved
    assert ("desk", "The bank pays") in approved | paid
    assert after == {owner}
    before = (start - 2 * DAY).date()
    with pytest.raises(NothingThereError) as caught:
        posts(before)
    assert str(caught.value) == (
        f"the case `CLM-A` began on {start:%-d %B %Y}: nobody answered for it before. "
        "Ask about a later day."
    )
    with pytest.raises(NothingThereError) as caught:
        who_was_accountable(claims.database, claims.company.program, "case/CLM-Z", before)
    assert str(caught.value) == "there is no case `CLM-Z`. Look for it under Cases."


def test_a_part_is_found_by_its_name_of_today_and_by_that_of_the_day(
    company: Company, database: Database
) -> None:
    """The lead was renamed on 1 July: what was on record before stays with the old name."""
    renamed = changed(
        (
            "  lead:\n    title: Team lead\n",
            "  team-lead:\n    was: lead\n    title: Team leader\n",
        ),
        ("reports-to: lead", "reports-to: team-lead"),
        ("owner: lead", "owner: team-lead"),
        ("custodian: lead", "custodian: team-lead"),
        ("{post: lead}", "{post: team-lead}"),
        (
            "examine:\n                  task: Examine",
            "inspect:\n                  was: examine\n                  task: Inspect",
        ),
        ("step/examine", "step/inspect"),
        ("claim/examine", "claim/inspect"),
        ("[examine]", "[inspect]"),
    )
    company.load(read(renamed))
    with psycopg.connect(database.owner_url) as connection:
        for position, day in ((1, "2026-01-01Z"), (2, "2026-07-01Z")):
            connection.execute(
                "UPDATE activation SET activated_at = %s WHERE position = %s", [day, position]
            )
    june, july = date(2026, 6, 2), date(2026, 7, 20)

    today = ask(company, "team-lead", june)
    old = ask(company, "post/lead", july)
    step = ask(company, "workflow/claim/step/inspect", june)

    assert (today.address, today.asked, today.title) == ("post/lead", "team-lead", "Team lead")
    assert [holder.person for holder in today.posts[0].holders] == ["leo"]
    assert (old.address, old.title) == ("post/team-lead", "Team leader")
    assert (step.address, step.title) == ("workflow/claim/step/examine", "Examine")
    assert ask(company, "lead", june).address == "lead"
    with pytest.raises(NothingThereError, match="the model that ran then has no `leed`"):
        ask(company, "leed", june)
