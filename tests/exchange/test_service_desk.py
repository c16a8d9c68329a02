"""The example company is sound, and its register is of its posts."""

from kingpost.checks import check
from kingpost.exchange.register_csv import read_appointments
from tests.exchange.desk import DESK, desk_mapping, desk_model


def test_the_service_desk_has_no_finding() -> None:
    assert check(desk_model()) == ()


def test_the_mapping_reads_nothing_before_it_could_be_known() -> None:
    (hindsight,) = desk_mapping().hindsight

    assert "closed_code" in hindsight.columns
    assert hindsight.known_in == ("resolved", "closed")


def test_every_appointment_is_to_a_post_and_no_post_has_more_holders_than_seats() -> None:
    posts = desk_model().posts
    holders: dict[str, int] = {}
    for item in read_appointments(DESK / "appointments.csv"):
        holders[item.post] = holders.get(item.post, 0) + 1

    assert holders.keys() <= posts.keys()
    assert all(count <= posts[post].seats for post, count in holders.items())
    vacant = ["group-11", "group-4", "group-79", "group-80", "log-reader", "problem-manager"]
    assert sorted(posts.keys() - holders.keys()) == vacant
