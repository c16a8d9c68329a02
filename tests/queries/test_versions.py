"""Versions of the model: found by number, digest and day, and what each changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kingpost.model.model import Model
from kingpost.queries.changes.versions import NoVersionError, Versions, read_versions
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office, model


def titled(title: str) -> Model:
    before = model()
    return replace(
        before, posts={**before.posts, "desk": replace(before.posts["desk"], title=title)}
    )


@pytest.fixture
def versions(database: Database) -> Iterator[Versions]:
    """Three: the first, another, and the first one again."""
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool)
        office.company.load(titled("Front desk"), person="hedy")
        office.company.load(model(), person="leo")
        yield read_versions(pool, office.company.content)


def test_a_version_is_found_by_its_number_its_digest_and_its_day(versions: Versions) -> None:
    third, second, first = versions.found
    assert [item.number for item in versions.found] == [3, 2, 1]
    assert [item.person for item in versions.found] == ["leo", "hedy", None]
    assert versions.find("2") == second
    assert versions.find(second.digest[:6]) == second
    assert versions.find("running") == third
    assert versions.find(first.digest) == third, "it came back, and its later time counts"
    assert versions.find(f"{third.activated_at:%Y-%m-%d}") == third
    assert versions.model(second).posts["desk"].title == "Front desk"


def test_of_a_model_that_came_back_the_later_version_has_the_live_cases(
    database: Database,
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool)
        office.start()
        office.company.load(titled("Front desk"), person="hedy")
        office.company.load(model(), person="leo")
        third, second, first = read_versions(pool, office.company.content).found

    assert (third.again, third.open_cases) == (None, 1)
    assert (second.again, second.open_cases) == (None, 0)
    assert (first.again, first.open_cases) == (3, 0)
    assert (third.name, second.name, first.name) == ("Leo", "Hedy", None)


def test_a_day_counts_to_its_end_where_the_company_is(versions: Versions) -> None:
    # It is past midnight in Lisbon, in summer.
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    third, second, first = versions.found
    times = (late + timedelta(days=9), late, late - timedelta(days=9))
    moved = tuple(
        replace(item, activated_at=at)
        for item, at in zip((third, second, first), times, strict=True)
    )
    apart = replace(versions, found=moved)

    assert apart.find("2026-07-01").number == 1
    assert apart.find("2026-07-02").number == 2
    assert apart.find("2026-07-01T23:29").number == 1
    assert apart.find("2026-07-01T23:30").number == 2


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("9", "there is no version 9: the newest is 3."),
        ("ffffff", "no version begins with `ffffff`: `kingpost versions` lists them all."),
        (
            "newest",
            (
                "`newest` is no version: write its number, the first 6 characters or more of its "
                "digest, a day such as 2026-11-21, a time in UTC such as 2026-11-21T09:00, or "
                "`running`."
            ),
        ),
    ],
)
def test_what_is_no_version_is_said(versions: Versions, written: str, words: str) -> None:
    with pytest.raises(NoVersionError) as refused:
        versions.find(written)
    assert str(refused.value) == words


def test_a_day_before_the_first_is_said_with_when_it_came(versions: Versions) -> None:
    with pytest.raises(NoVersionError) as refused:
        versions.find("2019-12-31")
    since = f"{versions.found[-1].activated_at:%Y-%m-%d %H:%M}"
    assert str(refused.value) == (
        f"no model ran at 2019-12-31 yet: the first took effect at {since} UTC."
    )


def test_digests_that_begin_alike_are_told_apart(versions: Versions) -> None:
    alike = replace(
        versions,
        found=tuple(
            replace(item, digest="abcdef" + str(item.number) + item.digest[7:])
            for item in versions.found
        ),
    )
    with pytest.raises(NoVersionError) as refused:
        alike.find("abcdef")
    assert str(refused.value).startswith("several versions begin with `abcdef`: `abcdef3")
    assert str(refused.value).endswith("(1). Write more.")


def test_what_a_version_changed_is_told_in_sentences(versions: Versions) -> None:
    third, second, first = versions.found
    assert [item.sentence for item in versions.changes(second)] == [
        "post `desk` is called “Front desk” instead of “Claims desk”"
    ]
    assert versions.changes(first) == ()
    assert versions.between(first, third) == ()


def test_before_the_first_there_is_nothing_to_find() -> None:
    with pytest.raises(NoVersionError) as refused:
        _ = Versions((), lambda _: b"").running
    assert str(refused.value) == "no model is active: load one with `kingpost load FOLDER`"
