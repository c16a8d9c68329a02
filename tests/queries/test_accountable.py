"""Who was accountable on a day: by the model, the register, and what was on record then."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from kingpost.engine import delegations, register
from kingpost.engine.delegations import Delegation
from kingpost.engine.register import Appointment
from kingpost.queries.accountability.answer import Accountable, NothingThereError
from kingpost.queries.accountability.reading import who_was_accountable, whole_day
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.agency import agency
from tests.queries.claims import DAY, Claims

LISBON = "Europe/Lisbon"


def ask(
    claims: Claims, address: str, day: date | None = None, known: datetime | None = None
) -> Accountable:
    day = day or claims.now.astimezone(ZoneInfo(LISBON)).date()
    return who_was_accountable(claims.database, claims.company.program, address, day, known)


def names(found: Accountable) -> list[tuple[str, list[str]]]:
    return [(post.post, [holder.person for holder in post.holders]) for post in found.posts]


@pytest.mark.parametrize(
    ("address", "title", "posts"),
    [
        ("lead", "Team lead", [("lead", ["leo"])]),
        ("post/desk", "Claims desk", [("desk", ["anna", "ben"])]),
        ("workflow/claim", "Claim", [("head", ["hedy"])]),
        ("workflow/claim/step/examine", "Examine", [("desk", ["anna", "ben"])]),
        ("workflow/claim/step/classify", "Classify", [("head", ["hedy"])]),
        ("workflow/claim/step/suspect", "Is there no fraud?", [("check", ["carl"])]),
        ("obligation/report-kept", "The report is kept", [("lead", ["leo"])]),
        ("objective/trust", "Customers trust us", [("head", ["hedy"])]),
    ],
)
def test_each_part_is_answered_for_by_its_posts(
    claims: Claims, address: str, title: str, posts: list[tuple[str, list[str]]]
) -> None:
    found = ask(claims, address)

    assert (found.title, names(found)) == (title, posts)


def test_a_day_names_everybody_who_held_the_post_on_it(claims: Claims) -> None:
    company, now = claims.company, claims.now
    register.end_appointment(company, claims.appointments["leo"], now + DAY, by="test")
    register.appoint(company, [Appointment("carl", "lead", now + DAY, kind="acting")], by="test")

    change = ask(claims, "lead", (now + DAY).date())
    later = ask(claims, "lead", (now + 3 * DAY).date())
    past = ask(claims, "lead", date(2021, 5, 1))

    assert names(change) == [("lead", ["leo", "carl"])]
    assert [holder.kind for holder in change.posts[0].holders] == ["substantive", "acting"]
    assert names(later) == [("lead", ["carl"])]
    assert names(past) == [("lead", ["leo"])]


def test_a_vacant_post_names_who_acted_for_it(claims: Claims) -> None:
    start = claims.now
    register.end_appointment(claims.company, claims.appointments["carl"], start, by="test")

    (post,) = ask(claims, "check", (start + 2 * DAY).date()).posts

    assert post.holders == ()
    (part,) = post.stood_in
    assert (part.post, part.holders[0].person) == ("lead", "leo")


def test_a_delegate_is_named_with_the_giver_and_the_scope(claims: Claims) -> None:
    start = claims.now - timedelta(hours=1)
    wish = Delegation(
        "leo", "lead", "ben", start, start + 2 * DAY, "Leave", outcomes=("claim/approve/approve",)
    )
    delegations.delegate(claims.company, wish, by="leo")

    (during,) = ask(claims, "lead").posts
    (after,) = ask(claims, "lead", (start + 5 * DAY).date()).posts

    (lent,) = during.delegates
    assert (lent.person, lent.giver, lent.reason) == ("ben", "leo", "Leave")
    assert lent.giver_name == "Leo"
    assert lent.outcomes == ("claim/approve/approve",)
    assert after.delegates == ()


def test_for_an_agent_the_person_is_named_who_answered_for_it(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = agency(pool)
        now = datetime.now(UTC)  # noqa: TID251 - when somebody leaves is told from outside.
        program_of = office.company.program
        today = now.astimezone(ZoneInfo(LISBON)).date()
        before = who_was_accountable(pool, program_of, "screen", today)
        register.end_appointment(office.company, office.appointments["leo"], now, by="test")
        after = who_was_accountable(pool, program_of, "screen", today + timedelta(days=2))

    (post,), (left,) = before.posts, after.posts
    assert {(holder.person, holder.kind) for holder in post.holders} == {
        ("bot", "agent"),
        ("robot", "agent"),
    }
    assert post.answered_for is not None
    assert post.stood_in == ()
    assert (post.answered_for.post, post.answered_for.holders[0].person) == ("lead", "leo")
    assert left.answered_for is not None
    assert left.answered_for.holders == ()
    assert [part.post for part in left.stood_in] == ["head"]


def test_what_was_recorded_later_was_not_known(claims: Claims, database: Database) -> None:
    """An appointment that is written down too late counts for the past, but only from then on."""
    before = claims.now - timedelta(seconds=1)
    late = Appointment("ben", "head", datetime(2024, 1, 1, tzinfo=UTC))
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE register_entry DISABLE TRIGGER ALL")
        connection.execute("UPDATE register_entry SET recorded_at = '2020-01-01Z'")
        connection.execute("ALTER TABLE register_entry ENABLE TRIGGER ALL")
    register.appoint(claims.company, [late], by="test")

    now = ask(claims, "head", date(2024, 6, 1))
    then = ask(claims, "head", date(2024, 6, 1), before)
    never = ask(claims, "head", date(2024, 6, 1), datetime(2019, 1, 1, tzinfo=UTC))

    assert names(now) == [("head", ["hedy", "ben"])]
    assert names(then) == [("head", ["hedy"])]
    assert names(never) == [("head", [])]


def test_before_the_first_model_the_first_one_is_asked(claims: Claims) -> None:
    assert ask(claims, "lead", date(2021, 1, 1)).is_later is True
    assert ask(claims, "lead").is_later is False


def test_a_day_is_one_of_the_company_and_may_be_short_or_long() -> None:
    lengths = {
        day: (end - start) / timedelta(hours=1)
        for day in (date(2026, 3, 29), date(2026, 6, 1), date(2026, 10, 25))
        for start, end in (whole_day(day, LISBON),)
    }

    assert list(lengths.values()) == [23.0, 24.0, 25.0]
    assert whole_day(date(2026, 6, 1), LISBON)[0] == datetime(2026, 5, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("leed", "the model that ran then has no `leed`. Write `lead`."),
        ("?", "the model that ran then has no `?`. Write a post, or `workflow/…`, "),
        (
            "workflow/claim/step/exmine",
            (
                "the model that ran then has no `workflow/claim/step/exmine`. "
                "Write `workflow/claim/step/examine`."
            ),
        ),
    ],
)
def test_what_is_not_there_is_told(claims: Claims, address: str, words: str) -> None:
    with pytest.raises(NothingThereError) as caught:
        ask(claims, address)

    assert str(caught.value).startswith(words)
