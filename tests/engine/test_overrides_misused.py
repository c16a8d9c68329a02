"""Overrides in the hands of somebody who would go round them: each way is closed, and told."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from kingpost.decisions.commands import (
    Assign,
    Confirm,
    ConfirmOverride,
    Decide,
    Deliver,
    Override,
    Propose,
    Review,
)
from kingpost.engine import delegations
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.engine.delegations import Delegation
from kingpost.engine.perform import Done, KeyReusedError
from kingpost.engine.register import Appointment, appoint, end_appointment, keep_people
from kingpost.engine.repairs.previewing import preview_override
from kingpost.model.assurance import CarryOver
from kingpost.store.pool import Database as Pool
from tests.database import Database, Databases
from tests.engine.agency import AGENT_POST
from tests.engine.office import DECADES, LONG_AGO, Office, key, read
from tests.engine.test_overrides import PEOPLE, TEXT, ask, asked, faults, overridden, review_of
from tests.engine.test_races import at_once, kinds

# With an agent, with somebody who stands in for the team lead, and with posts that repair.
MORE = (
    TEXT.replace("interfaces:\n", AGENT_POST, 1)
    .replace("by: [lead]", "by: [lead, deputy, screen]")
    .replace("confirmed-by: [check]", "confirmed-by: [check, screen]")
    .replace("    prefix: CLM\n", "    prefix: CLM\n    repaired-by: [head, lead, check]\n")
    .replace(
        "  desk: {title: Claims desk",
        "  deputy: {title: Deputy, unit: claims, reports-to: head, roles: [approver]}\n"
        "  desk: {title: Claims desk",
    )
    .replace(
        "    roles: [approver]\n    vacancy: {falls-to: superior}",
        "    roles: [approver]\n    vacancy: {falls-to: deputy}",
    )
)
NEEDLESS = (
    "your authority suffices for `approve` in `approve`: decide it, which needs nobody else and no"
    " review"
)


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    """One company for all tests here: each looks at cases of its own."""
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        found = Office.opened(pool, {**PEOPLE, "dora": "deputy"}, text=MORE)
        keep_people(found.company, (), [("bot", "Screening bot")])
        appoint(found.company, [Appointment("bot", "screen", LONG_AGO)], by="test")
        yield found


def wanted(office: Office, case: UUID) -> Override:
    return Override(office.task(case, "approve"), "approve", reason="no roof")


def test_who_stands_in_for_a_vacant_post_decides_by_its_authority_and_overrides_nothing(
    database: Database,
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, {**PEOPLE, "dora": "deputy"}, text=MORE)
        end_appointment(office.company, office.appointments["leo"], LONG_AGO, by="test")
        within, beyond = office.examined("200"), office.examined("900")

        assert str(ask(office, within, wanted(office, within), "dora")) == NEEDLESS
        assert str(preview_override(office.company, wanted(office, within), "dora")) == NEEDLESS
        assert isinstance(ask(office, beyond, wanted(office, beyond), "dora"), Done)
        office.do(Decide(office.task(within, "approve"), "approve"), "dora")
        assert faults(office) == []


def test_an_override_is_not_confirmed_as_a_repair_nor_a_repair_as_an_override(
    office: Office,
) -> None:
    case = office.examined("900")
    confirm = asked(office, case)

    as_repair = ask(office, case, Confirm(confirm.asked), "carl")
    assert str(as_repair) == (
        "event 4 proposes nothing any more, or never did: look at the case again, and propose it"
        " anew"
    )
    done = ask(office, case, Propose({"report": "misread"}, reason="misread"), "hedy")
    assert isinstance(done, Done)
    gone = (
        "asks for no override any more, or never did: look at the case again, and ask for it anew"
    )
    assert str(ask(office, case, ConfirmOverride(done.seq), "carl")) == f"event 5 {gone}"
    assert str(ask(office, case, confirm, "carl")) == f"event 4 {gone}"
    assert isinstance(ask(office, case, Confirm(done.seq), "carl"), Done)
    assert office.steps(case) == {"approve"}
    assert office.case(case).fields["report"] == "misread"


def test_what_is_lent_neither_asks_nor_confirms_and_a_machine_does_neither(office: Office) -> None:
    case = office.examined("900")
    for giver, post in (("leo", "lead"), ("cora", "check")):
        wish = Delegation(giver, post, "ben", LONG_AGO + DECADES / 2, LONG_AGO + DECADES, "Leave")
        delegations.delegate(office.company, wish, by=giver)
    may_not = "you may not override `approve`: `lead`, `deputy`, `screen` may"
    assert str(ask(office, case, wanted(office, case), "ben")) == may_not
    assert str(ask(office, case, wanted(office, case), "bot")) == may_not

    confirm = asked(office, case)

    may_not = "you may not confirm an override of `approve`: `check`, `screen` may"
    assert str(ask(office, case, confirm, "ben")) == may_not
    assert str(ask(office, case, confirm, "bot")) == may_not
    assert str(office.ask(wanted(office, case), interface="bank")).startswith("you may not")
    assert office.case(case).version == 4


def test_nobody_asks_in_the_name_of_another_by_a_key_that_was_used(office: Office) -> None:
    case, name = office.examined("900"), key()
    command = wanted(office, case)
    assert isinstance(ask(office, case, command, "leo", again=name), Done)

    with pytest.raises(KeyReusedError):
        ask(office, case, command, "dora", again=name)


def test_a_case_that_is_taken_on_at_the_same_moment_is_overridden_or_asked_about_anew(
    office: Office,
) -> None:
    for _ in range(4):
        case = office.examined("900")
        task, confirm = office.task(case, "approve"), asked(office, case)

        answers = at_once(
            2,
            lambda n, case=case, task=task, confirm=confirm: (
                ask(office, case, confirm, "cora")
                if n
                else office.ask(Assign(task, "hedy"), "hedy")
            ),
        )

        overridden = office.steps(case) == {"payment"}
        refused = "NoSuchCase" if overridden else "OverrideGone"
        assert kinds(answers) in ({"Done": 1, refused: 1}, {"Done": 1, "NotOpen": 1})


def test_an_override_and_the_review_of_another_in_one_case_do_not_disturb_each_other(
    office: Office,
) -> None:
    case = overridden(office)
    review = Review(review_of(office, case), "kept", "it was right")
    other = office.examined("900")
    confirm = asked(office, other)

    answers = at_once(
        2, lambda n: ask(office, other, confirm, "cora") if n else ask(office, case, review, "alma")
    )

    assert kinds(answers) == {"Done": 2}


def test_an_open_override_is_dropped_by_a_change_of_the_model_and_a_review_is_kept(
    database: Database,
) -> None:
    """Also when the post that reviews is called otherwise from now on, and the case has ended."""
    called = TEXT.replace("  audit: {title: Internal", "  control: {was: audit, title: Internal")
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool, PEOPLE, text=TEXT)
        ended, waiting = overridden(office), office.examined("900")
        office.do(Deliver(office.task(ended, "payment"), "paid-out"), interface="bank")
        confirm = asked(office, waiting)
        new = read(called.replace("reviewed-by: audit", "reviewed-by: control"))

        change_model(office.company, new, person="hedy", carry_over=CarryOver.NOW)
        carry_all(office.company)

        assert office.case(waiting).model == new_version(office)
        assert office.case(waiting).proposal is None
        assert office.scalar("SELECT count(*) FROM timer") == 0
        assert "asks for no override any more" in str(ask(office, waiting, confirm, "cora"))
        kept = Review(review_of(office, ended), "kept", "it was right")
        assert isinstance(ask(office, ended, kept, "alma"), Done)
        assert faults(office) == []


def new_version(office: Office) -> str:
    return office.company.active().version
