"""Public holidays by country: which days, and that a model keeps those that it was read with."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from kingpost.model.content import content, from_content, version
from kingpost.model.model import Model
from kingpost.notation.elements import company as reading
from kingpost.planning.difference import differences
from kingpost.values.public_holidays import public_holidays
from tests.checks.words import edited, read
from tests.notation.words import words_of

OFFICE = 'hours: ["Mon-Fri 09:00-17:00"]}'


def company(calendar: str) -> Model:
    return read(edited({OFFICE: f'hours: ["Mon-Fri 09:00-17:00"], timezone: UTC, {calendar}}}'}))


def is_open(model: Model, day: str) -> bool:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
    return model.calendars["office"].add(noon, 0) == noon


@pytest.mark.parametrize(
    ("calendar", "day", "opens"),
    [
        ("country: PT", "2026-06-10", False),
        ("country: PT", "2026-06-11", True),
        # Epiphany is a holiday in Bavaria, and not in the whole of Germany.
        ("country: DE", "2026-01-06", True),
        ("country: DE-BY", "2026-01-06", False),
        # What falls on a weekend is kept on another day where the law says so.
        ("country: GB-ENG", "2026-12-28", False),
        ("country: PT, holidays: [2026-06-11]", "2026-06-11", False),
        ("country: PT, holidays: [2026-06-11]", "2026-06-10", False),
        ("country: PT, open-on: [2026-06-10]", "2026-06-10", True),
        ("country: PT, open-on: [2026-06-10]", "2026-12-25", False),
    ],
)
def test_nothing_is_open_on_the_public_holidays_of_a_country(
    calendar: str, day: str, opens: bool
) -> None:
    assert is_open(company(calendar), day) is opens


def test_a_country_that_is_not_known_is_told() -> None:
    assert words_of("calendars: {office: {hours: always, country: DE-BX}}") == (
        "> KP0015 1:46 calendar/office\n"
        ">   `country` is `DE-BX`, expected a country such as `NL`, or a part of one such as"
        " `DE-BY`"
    )


def test_only_a_public_holiday_can_be_a_day_on_which_it_is_open_all_the_same() -> None:
    text = "calendars: {office: {hours: always, country: PT, open-on: [2026-06-11]}}"

    assert words_of(text) == (
        "> KP0021 1:13 calendar/office\n"
        ">   `calendar/office` is open on 2026-06-11, which is no public holiday of `PT`\n"
        ">   Leave it out of `open-on`."
    )


def test_what_is_not_known_has_no_days() -> None:
    assert public_holidays("XX") is None
    assert public_holidays("NL-XX") is None


def knowing(*more: date) -> Callable[[str], frozenset[date]]:
    """Return the library as another version of it might be: with more days."""
    return lambda country: (public_holidays(country) or frozenset()) | set(more)


def test_a_model_keeps_the_days_that_it_was_read_with(monkeypatch: pytest.MonkeyPatch) -> None:
    before = company("country: PT")
    monkeypatch.setattr(reading, "public_holidays", knowing(date(2026, 6, 11)))

    kept = from_content(content(before))  # type: ignore[arg-type]
    after = company("country: PT")

    # What was decided stays as it was; what the library has learnt comes as another version.
    assert kept.calendars == before.calendars
    assert is_open(kept, "2026-06-11")
    assert version(after) != version(before)
    assert [item.sentence for item in differences(before, after)] == [
        "calendar `office` now keeps as public holidays 2026-06-11"
    ]


def test_a_country_is_told_in_few_words() -> None:
    found = differences(company("description: Days"), company("country: PT"))
    sentences = [item.sentence for item in found]

    assert "calendar `office` now keeps the public holidays of PT" in sentences
    assert all(len(sentence) < 120 for sentence in sentences)
