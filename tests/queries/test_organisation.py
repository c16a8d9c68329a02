"""The organisation: units, posts, holders, load, and what a person did."""

from kingpost.engine import register
from kingpost.engine.register import Appointment
from kingpost.queries.organisation import (
    PersonPage,
    PostNow,
    list_people,
    read_organisation,
    read_person,
    read_post,
)
from tests.queries.claims import DAY, HOUR, Claims


def posts(claims: Claims) -> dict[str, PostNow]:
    found = read_organisation(claims.database, claims.program)
    return {item.post.id: item for unit in found.units for item in unit.posts}


def person(claims: Claims, name: str, **other: int) -> PersonPage:
    found = read_person(claims.database, claims.program, name, **other)
    assert found is not None
    return found


def test_posts_stand_below_those_they_report_to(claims: Claims) -> None:
    found = read_organisation(claims.database, claims.program)

    (unit,) = found.units
    assert [(item.post.id, item.depth) for item in unit.posts] == [
        ("head", 0),
        ("lead", 1),
        ("check", 2),
        ("desk", 2),
    ]
    assert (found.people, found.holders, found.vacant) == (5, 5, ())


def test_a_post_shows_its_holders_and_its_load(claims: Claims) -> None:
    found = posts(claims)

    assert [holder.name for holder in found["desk"].answering.holders] == ["Anna", "Ben"]
    assert (found["desk"].open_work, found["desk"].overdue) == (3, 1)
    assert (found["lead"].open_work, found["lead"].overdue) == (1, 0)
    assert found["head"].open_work == 0


def test_a_vacant_post_says_who_acts(claims: Claims) -> None:
    register.end_appointment(claims.company, claims.appointments["leo"], claims.now, by="test")

    lead = posts(claims)["lead"].answering

    assert (lead.is_vacant, lead.falls_to) == (True, "head")
    assert read_organisation(claims.database, claims.program).vacant == ("lead",)


def test_another_day_has_other_holders_and_no_load(claims: Claims) -> None:
    at = claims.now - 8000 * DAY

    found = read_organisation(claims.database, claims.program, at)

    assert (found.as_at, found.holders, len(found.vacant)) == (at, 0, 4)
    assert {item.open_work for unit in found.units for item in unit.posts} == {0}


def test_a_person_has_posts_and_acts(claims: Claims) -> None:
    found = person(claims, "leo")

    assert [(item.post, item.post_title, item.kind) for item in found.now] == [
        ("lead", "Team lead", "substantive")
    ]
    assert [(act.number, act.kind, act.choice, act.post) for act in found.acts.rows] == [
        ("CLM-B", "decided", "reject", "lead"),
        ("CLM-A", "decided", "approve", "lead"),
    ]
    assert found.acts.rows[0].at == claims.now - 4 * DAY
    assert person(claims, "anna").assigned == 1


def test_acts_come_in_pages(claims: Claims) -> None:
    # Anna started six claims, examined two, took one on and suspended one.
    pages = [person(claims, "anna", page=page, size=4) for page in (1, 2, 3, 4)]

    assert [len(page.acts.rows) for page in pages] == [4, 4, 2, 0]
    assert {page.acts.total for page in pages} == {10}
    assert len({(act.case, act.seq) for page in pages for act in page.acts.rows}) == 10


def test_appointments_are_past_present_or_to_come(claims: Claims) -> None:
    company, now = claims.company, claims.now
    register.end_appointment(company, claims.appointments["ben"], now, by="test")
    register.appoint(company, [Appointment("ben", "check", now - HOUR)], by="test")
    register.appoint(company, [Appointment("ben", "head", now + DAY, kind="acting")], by="test")

    found = person(claims, "ben")

    assert [[item.post for item in part] for part in (found.past, found.now, found.later)] == [
        ["desk"],
        ["check"],
        ["head"],
    ]


def test_a_withdrawn_appointment_is_shown_as_that(claims: Claims) -> None:
    company, since = claims.company, claims.now + DAY
    (ben,) = register.appoint(company, [Appointment("ben", "check", since)], by="test")
    register.end_appointment(company, ben, claims.now, by="leo")

    found = person(claims, "ben")
    post = read_post(claims.database, claims.program, "check")

    assert [item.post for item in found.past] == ["check"]
    assert (found.later, [item.post for item in found.now]) == ((), ["desk"])
    assert post is not None
    shown = {item.id: item for item in post.appointments}[ben]
    assert (shown.withdrawn, shown.ended_by, shown.since, shown.until) == (
        True,
        "leo",
        since,
        since,
    )
    assert [holder.person for holder in post.now.answering.holders] == ["carl"]


def test_a_post_keeps_everybody_who_held_it(claims: Claims) -> None:
    found = read_post(claims.database, claims.program, "lead")

    assert found is not None
    assert found.now.post.title == "Team lead"
    assert found.reports_to is not None
    assert found.reports_to.post == "head"
    assert (found.below, found.unit_title) == (("check", "desk"), "Claims")
    assert [(item.name, item.seat) for item in found.appointments] == [("Leo", 1)]


def test_people_are_found_by_name_and_in_pages(claims: Claims) -> None:
    first, second = (list_people(claims.database, page=page, size=3) for page in (1, 2))

    assert [row.name for row in (*first.rows, *second.rows)] == [
        "Anna",
        "Ben",
        "Carl",
        "Hedy",
        "Leo",
    ]
    assert (first.total, second.last) == (5, 2)
    (leo,) = list_people(claims.database, text="LE").rows
    assert (leo.id, leo.posts) == ("leo", ("lead",))
    assert list_people(claims.database, text="_").total == 0


def test_nobody_is_none_and_no_post_is_none(nothing: Claims) -> None:
    assert read_person(nothing.database, nothing.program, "nobody") is None
    assert read_post(nothing.database, nothing.program, "no-such") is None
    assert person(nothing, "anna").acts.rows == ()
