"""Days on which parts of the company do not change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kingpost.engine.change import NotApprovedError, change_model
from kingpost.engine.governing.freezing import frozen_words
from kingpost.engine.plans.applying import NotApplied, apply_plan
from kingpost.model.assurance import CarryOver
from kingpost.model.custody import frozen_until
from tests.engine.carrying import HEAD, TEXT, saved, sound
from tests.engine.consent import sooner
from tests.engine.office import Office, read

LIKED = "title: Customers like us"


def frozen(*days: tuple[date, date]) -> str:
    """Return the company in which no workflow changes on some days."""
    listed = ", ".join(f"{start} to {end}" for start, end in days)
    line = f'  - {{part: "workflow/*", custodian: head, freeze: [{listed}]}}'
    return TEXT.replace(HEAD, f"{line}\n{HEAD}")


def today() -> date:
    return datetime.now(UTC).date()  # noqa: TID251 - the day of the database.


def around() -> tuple[date, date]:
    return today() - timedelta(days=2), today() + timedelta(days=3)


def test_nothing_of_a_frozen_part_changes(office: Office) -> None:
    text = frozen(around())
    office.company.load(read(text))
    plan = saved(office, sooner(text), CarryOver.STAY)

    with pytest.raises(NotApprovedError) as error:
        change_model(office.company, read(sooner(text)), person="hedy")
    answer = apply_plan(office.company, plan, "hedy")

    assert isinstance(answer, NotApplied)
    assert answer.kind == "frozen"
    assert str(answer) == str(error.value)
    ends = f"{around()[1]:%-d %B %Y}"
    head, part, after = str(answer).splitlines()
    assert head.endswith(" and these parts do not change now:")
    assert part == f"  `workflow/claim` until the end of {ends}"
    assert after == f"It may take effect after {ends}."
    assert office.company.active().model == read(text)
    sound(office)


def test_what_is_not_frozen_changes(office: Office) -> None:
    text = frozen(around())
    office.company.load(read(text))
    liked = text.replace("title: Customers trust us", LIKED)

    change_model(office.company, read(liked), person="hedy")

    assert office.company.active().model == read(liked)


def test_a_freeze_that_is_over_holds_nothing_back(office: Office) -> None:
    over = frozen((today() - timedelta(days=9), today() - timedelta(days=3)))
    office.company.load(read(over))

    change_model(office.company, read(sooner(over)), person="hedy")

    assert office.company.active().model == read(sooner(over))


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 12, 19), None),
        (date(2026, 12, 20), date(2027, 1, 5)),
        (date(2027, 1, 3), date(2027, 1, 5)),
        (date(2027, 1, 4), date(2027, 1, 5)),
        (date(2027, 1, 6), None),
        (date(2027, 2, 1), date(2027, 2, 1)),
    ],
)
def test_days_that_follow_each_other_are_one_freeze(day: date, until: date | None) -> None:
    model = read(
        frozen(
            (date(2026, 12, 20), date(2027, 1, 3)),
            (date(2027, 1, 4), date(2027, 1, 5)),
            (date(2027, 2, 1), date(2027, 2, 1)),
        )
    )

    assert frozen_until(model, "workflow/claim", day) == until
    assert frozen_until(model, "post/head", day) is None


def test_the_day_is_that_of_the_company() -> None:
    text = frozen((date(2026, 12, 20), date(2026, 12, 20)))
    model = read(text.replace("Europe/Lisbon", "Pacific/Auckland"))

    # In Auckland, the 20th begins 13 hours before it does in London.
    assert frozen_words(model, ["workflow/claim"], datetime(2026, 12, 19, 10, 59, tzinfo=UTC)) == ""
    assert frozen_words(model, ["workflow/claim"], datetime(2026, 12, 19, 11, tzinfo=UTC)) != ""
    assert frozen_words(model, ["workflow/claim"], datetime(2026, 12, 20, 11, tzinfo=UTC)) == ""
