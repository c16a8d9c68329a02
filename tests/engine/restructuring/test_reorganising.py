"""Posts are renamed, merged, split and abolished while claims are in flight."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kingpost.decisions.commands import Assign, Complete, Confirm, Decide, Propose
from kingpost.decisions.refusals import NotYourPost
from kingpost.engine import delegations, register
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import Asked, Done, perform
from kingpost.engine.register import Appointment, NotAppointedError
from kingpost.engine.restructuring.applying import UnsettledError
from kingpost.model.assurance import CarryOver
from tests.engine.office import LONG_AGO, TEXT, Office, key
from tests.engine.restructuring.reorganised import (
    ABOLISHED,
    MERGED,
    RENAMED,
    SPLIT,
    UNSAID,
    load,
    sees,
    sound,
)


def holders(office: Office) -> list[tuple[str, str]]:
    """Return who holds what now."""
    with office.company.database.connection() as connection:
        rows = connection.execute(
            "SELECT person, post FROM appointment WHERE during @> clock_timestamp() ORDER BY 1, 2"
        ).fetchall()
    return [(row["person"], row["post"]) for row in rows]


def examine(office: Office, case: UUID, person: str) -> object:
    return office.ask(Complete(office.task(case, "examine"), {"report": "fine"}), person)


def suspect(office: Office, case: UUID, person: str) -> object:
    return office.ask(Decide(office.task(case, "suspect"), "clear"), person)


def test_who_held_a_post_that_is_renamed_goes_on_with_its_work(office: Office) -> None:
    claimed, other = office.start(), office.start()
    office.do(Assign(office.task(claimed, "examine"), "anna"), "anna")

    load(office, RENAMED)

    assert ("anna", "counter") in holders(office)
    assert ("anna", "desk") not in holders(office)
    assert sees(office, "anna", claimed) == sees(office, "ben", other) == {"examine"}
    assert isinstance(examine(office, claimed, "anna"), Done)
    assert isinstance(examine(office, other, "ben"), Done)
    actor = office.scalar(
        "SELECT convert_from(body, 'UTF8')::jsonb -> 'actor' ->> 'holds' FROM event"
        " ORDER BY position DESC LIMIT 1"
    )
    assert actor == "counter"
    # Whoever comes to the post afterwards does so, too.
    third = office.start()
    register.keep_people(office.company, [("nora", "Nora")])
    register.appoint(office.company, [Appointment("nora", "counter", LONG_AGO)], by="test")
    assert isinstance(examine(office, third, "nora"), Done)
    sound(office)


def test_a_case_that_goes_over_is_addressed_by_the_new_name(office: Office) -> None:
    case = office.start()
    load(office, RENAMED, CarryOver.NOW)
    carry_all(office.company)

    assert office.scalar("SELECT post FROM task WHERE step = 'examine'") == "counter"
    assert isinstance(examine(office, case, "anna"), Done)
    sound(office)


def test_holders_of_posts_that_are_merged_do_the_work_of_both(office: Office) -> None:
    case = office.start()
    assert isinstance(suspect(office, case, "anna"), NotYourPost)

    load(office, MERGED)

    assert {("anna", "intake"), ("ben", "intake"), ("carl", "intake")} <= {*holders(office)}
    assert sees(office, "anna", case) == {"examine", "suspect"}
    assert isinstance(suspect(office, case, "anna"), Done)
    assert isinstance(examine(office, case, "carl"), Done)
    new = office.start()
    assert sees(office, "carl", new) == {"examine", "suspect"}
    sound(office)


def test_more_holders_than_seats_is_refused_and_nothing_changes(office: Office) -> None:
    with pytest.raises(UnsettledError) as refused:
        load(office, MERGED.replace("seats: 5", "seats: 2"))

    assert str(refused.value) == (
        "the organisation would not be whole afterwards:\n"
        "  `intake` has 2 seats, and they are not enough for `carl`."
        " Give it more `seats`, or end an appointment before."
    )
    assert ("carl", "check") in holders(office)
    assert office.scalar("SELECT count(*) FROM activation") == 1
    sound(office)


def test_the_work_of_a_post_that_is_abolished_goes_over_and_its_holders_do_not(
    office: Office,
) -> None:
    case = office.start()

    load(office, ABOLISHED)

    assert not [post for who, post in holders(office) if who == "carl"]
    assert sees(office, "carl", case) == set()
    assert "suspect" in sees(office, "leo", case)
    assert isinstance(suspect(office, case, "carl"), NotYourPost)
    assert isinstance(suspect(office, case, "leo"), Done)
    sound(office)


def test_a_post_that_is_gone_without_a_word_is_refused_with_what_hangs_on_it(
    office: Office,
) -> None:
    office.start()

    with pytest.raises(UnsettledError) as refused:
        load(office, UNSAID)

    assert str(refused.value) == (
        "the organisation would not be whole afterwards:\n"
        "  `check` is gone, and nothing says what becomes of it: 1 holder, 1 piece of open work."
        " Write `was: check` at the post that it is now, or `takes-over: [check]` at the one that"
        " does its work."
    )


def test_a_post_is_split_and_each_takes_the_work_of_its_roles(office: Office) -> None:
    load(office, MERGED)
    case = office.start()

    load(office, SPLIT)

    assert {("anna", "desk"), ("carl", "desk")} <= {*holders(office)}
    # Nobody holds the part yet: its work falls as its vacancy says, and to who had it.
    register.keep_people(office.company, [("dora", "Dora")])
    register.appoint(office.company, [Appointment("dora", "check", LONG_AGO)], by="test")
    assert sees(office, "dora", case) == {"suspect"}
    assert isinstance(examine(office, case, "dora"), NotYourPost)
    assert isinstance(suspect(office, case, "dora"), Done)
    assert isinstance(examine(office, case, "anna"), Done)
    sound(office)


def test_who_takes_a_part_is_not_the_other_post(office: Office) -> None:
    """Neither where that stands above others, nor when it does the same again."""
    load(office, MERGED)
    load(office, SPLIT.replace("roles: [clerk]", "roles: [clerk, approver]", 1))
    register.keep_people(office.company, [("dora", "Dora")])
    register.appoint(office.company, [Appointment("dora", "check", LONG_AGO)], by="test")
    assert register.appointable(office.company, "dora") == frozenset()
    again = SPLIT.replace("roles: [clerk]", "roles: [clerk, checker]", 1)

    load(office, again)

    assert office.scalar("SELECT count(*) FROM holding WHERE person = 'dora'") == 2
    sound(office)


def test_a_rename_is_taken_back_by_the_version_of_before(office: Office) -> None:
    first = office.start()
    load(office, RENAMED)
    second = office.start()
    load(office, TEXT)

    assert ("anna", "desk") in holders(office)
    assert isinstance(examine(office, first, "anna"), Done)
    assert isinstance(examine(office, second, "ben"), Done)
    sound(office)


def test_what_is_lent_goes_on_and_never_becomes_more(office: Office) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - beside the database's clock.
    register.keep_people(office.company, [("nora", "Nora")])
    for post, giver in (("desk", "ben"), ("check", "carl")):
        wish = Delegation(giver, post, "nora", now, now + timedelta(days=3), "Leave")
        delegations.delegate(office.company, wish, by=giver)
    case = office.start()

    load(office, RENAMED)
    assert isinstance(examine(office, case, "nora"), Done)
    load(office, MERGED.replace("was: [desk, check]", "was: [counter, check]"))

    # The merged post may do more than either lent, so that both end.
    assert isinstance(suspect(office, case, "nora"), NotYourPost)
    assert office.scalar("SELECT count(*) FROM delegation WHERE during @> clock_timestamp()") == 0
    sound(office)


def test_nobody_is_appointed_to_a_post_that_is_gone(office: Office) -> None:
    load(office, RENAMED)

    with pytest.raises(NotAppointedError):
        register.appoint(office.company, [Appointment("leo", "desk", LONG_AGO)], by="test")


def test_a_repair_that_was_proposed_is_confirmed_after_both_posts_were_renamed(
    office: Office,
) -> None:
    repaired = TEXT.replace(
        "    prefix: CLM\n", "    prefix: CLM\n    repaired-by: [head, check]\n"
    )
    load(office, repaired)
    case = office.start()
    asked = Asked(key(), Propose(fields={"amount": "300"}, reason="A slip"), case, person="carl")
    assert isinstance(perform(office.company, asked), Done)

    load(
        office,
        repaired.replace("check]\n", "control]\n")
        .replace("  check:\n", "  control:\n    was: check\n")
        .replace("{post: check}", "{post: control}"),
    )
    proposal = office.case(case).proposal
    assert proposal is not None
    done = perform(office.company, Asked(key(), Confirm(proposal.event), case, person="hedy"))

    assert isinstance(done, Done), str(done)
    assert office.case(case).fields["amount"] == "300"
    sound(office)
