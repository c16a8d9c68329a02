"""What waits for a second person, over a real database: in whose worklist, and until when."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Confirm, Decide, Decline, Deliver, Propose, Review
from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.change import change_model
from kingpost.engine.company import Company
from kingpost.engine.perform import Done
from kingpost.engine.register import Appointment, appoint, end_appointment
from kingpost.engine.restructuring.applying import UnsettledError
from kingpost.model.assurance import CarryOver
from kingpost.queries.alarms.reading import read_alarms
from kingpost.queries.open_work import OpenWork
from kingpost.queries.worklist import View, Wanted, read_worklist
from kingpost.store import migrations
from kingpost.store.pool import Database as Pool
from tests.database import Database, Databases
from tests.engine.office import LONG_AGO, Office, read
from tests.engine.test_notices import pump
from tests.engine.test_overrides import (
    HOUR,
    PEOPLE,
    TEXT,
    ago,
    ask,
    asked,
    faults,
    overridden,
    review_of,
)
from tests.engine.test_races import at_once, kinds

WHY = "the roof is on again"
REPAIRED = TEXT.replace("    prefix: CLM\n", "    prefix: CLM\n    repaired-by: [head, lead]\n")


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, PEOPLE, text=REPAIRED)


@pytest.fixture
def alone(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=2) as pool:
        yield Office.opened(pool, PEOPLE, text=REPAIRED)


def waiting(office: Office, person: str) -> list[OpenWork]:
    """Return what waits for a person to be confirmed."""
    found = read_worklist(office.company.database, office.company.active(), person, Wanted())
    return [work for work in found.page.rows if work.waiting is not None]


def proposed(office: Office, case: UUID) -> int:
    done = ask(office, case, Propose({"amount": "90"}, reason="a nought too much"), "leo")
    assert isinstance(done, Done), str(done)
    return done.seq


def test_an_override_stands_in_the_worklist_of_those_who_may_confirm_it(alone: Office) -> None:
    case = alone.examined("900")
    event = asked(alone, case).asked

    (found,) = waiting(alone, "cora")
    assert (found.number, found.step, found.kind) == ("CLM-1", "approve", "confirmation")
    assert found.waiting is not None
    assert (found.waiting.override, found.waiting.event) == (True, event)
    assert (found.waiting.outcome, found.waiting.person_name) == ("approve", "Leo")
    assert found.waiting.task == alone.task(case, "approve")
    assert found.term is not None
    assert found.term.due_at is not None
    assert found.term.due_at - found.opened_at == 2 * HOUR
    counts = read_worklist(alone.company.database, alone.company.active(), "cora", Wanted()).counts
    assert (counts[View.ALL], counts[View.ESCALATED], counts[View.BELOW]) == (1, 0, 0)
    assert [waiting(alone, name) for name in ("leo", "hedy", "alma", "anna")] == [[]] * 4
    assert faults(alone) == []


def test_a_repair_stands_in_the_worklist_of_the_others_who_may_repair(alone: Office) -> None:
    case = alone.examined("900")
    event = proposed(alone, case)

    (found,) = waiting(alone, "hedy")
    assert found.waiting is not None
    assert (found.step, found.waiting.override, found.term) == ("", False, None)
    assert waiting(alone, "leo") == []
    assert faults(alone) == []
    assert isinstance(ask(alone, case, Confirm(event), "hedy"), Done)
    assert waiting(alone, "hedy") == []
    assert faults(alone) == []


def test_what_was_declined_waits_no_more_and_the_one_who_asked_sees_it(alone: Office) -> None:
    case = alone.examined("900")
    confirm = asked(alone, case)

    done = ask(alone, case, Decline(confirm.asked, WHY), "cora")

    assert isinstance(done, Done)
    assert waiting(alone, "cora") == []
    assert alone.scalar("SELECT count(*) FROM timer") == 0
    found = read_worklist(alone.company.database, alone.company.active(), "leo", Wanted())
    assert [work.declined for work in found.page.rows if work.step == "approve"] == [True]
    assert faults(alone) == []
    asked(alone, case)
    assert len(waiting(alone, "cora")) == 1


def test_what_moves_the_case_takes_it_out_of_every_worklist(alone: Office) -> None:
    decided, lapsed = alone.examined("900"), ago(alone, 3 * HOUR)
    asked(alone, decided)
    assert len(waiting(alone, "cora")) == 2

    alone.do(Decide(alone.task(decided, "approve"), "approve"), "hedy")
    assert pump(alone) == 1

    assert waiting(alone, "cora") == []
    assert alone.case(lapsed).proposal is None
    assert faults(alone) == []


def test_of_many_who_confirm_and_decline_at_once_one_has_an_effect(office: Office) -> None:
    for _ in range(4):
        case = office.examined("900")
        confirm = asked(office, case)
        commands = (confirm, Decline(confirm.asked, WHY))

        answers = at_once(
            6,
            lambda n, case=case, commands=commands: ask(
                office, case, commands[n % 2], ("carl", "cora")[n // 3]
            ),
        )

        assert kinds(answers)["Done"] == 1
    assert faults(office) == []


def test_a_case_that_goes_over_leaves_nothing_to_be_confirmed(alone: Office) -> None:
    case = alone.examined("900")
    asked(alone, case)
    new = read(REPAIRED.replace("lapses-after: 2 hours", "lapses-after: 3 hours"))

    change_model(alone.company, new, person="hedy", carry_over=CarryOver.NOW)
    carry_all(alone.company)

    assert alone.case(case).model == alone.company.active().version
    assert waiting(alone, "cora") == []
    assert faults(alone) == []


def test_what_was_proposed_before_stands_there_after_the_migration(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, PEOPLE, text=REPAIRED)
        asked(office, office.examined("900"))
        proposed(office, office.examined("800"))
        before = kept(office)
        path = Path(migrations.__file__).parent / "0018_confirmations.sql"
        statement = path.read_text().split("\n\n")[2]
        assert "WITH waiting AS" in statement

        with office.company.database.connection() as connection:
            connection.execute("DELETE FROM task WHERE kind = 'confirmation'")
            connection.execute(statement.encode())

        assert kept(office) == before
        assert len(before) == 2
        assert faults(office) == []


def kept(office: Office) -> list[dict[str, object]]:
    with office.company.database.connection() as connection:
        return connection.execute(
            "SELECT * FROM task WHERE kind = 'confirmation' ORDER BY id"
        ).fetchall()


def test_what_no_other_person_is_there_to_confirm_is_an_alarm(alone: Office) -> None:
    case = alone.examined("900")
    proposed(alone, case)
    assert alarms(alone) == []
    end_appointment(alone.company, alone.appointments["hedy"], LONG_AGO, by="test")

    (alarm,) = (each for each in alarms(alone) if "confirmed" in each)

    assert alarm == (
        "What is proposed can be confirmed by nobody in 1 case: nobody who took no part in it is"
        " there for “Head of claims” or “Team lead”."
    )


def test_a_review_that_is_overdue_is_an_alarm_of_who_makes_it(alone: Office) -> None:
    case = overridden(alone)
    assert alarms(alone) == []
    with alone.company.database.connection() as connection:
        connection.execute("UPDATE task SET due_at = opened_at WHERE kind = 'review'")
    found = read_alarms(
        alone.company.database, alone.company.active(), alone.company.program
    ).alarms

    (alarm,) = found
    assert (alarm.kind, alarm.post, alarm.numbers) == ("unreviewed", "audit", ("CLM-1",))
    assert "audit" in alarm.concerns
    assert alarm.what == (
        "The review of an override of “Is the claim approved?” is overdue in 1 case, for “Internal"
        " audit”: nothing more is overridden in the name of the same post before it is made."
    )
    alone.do(Review(review_of(alone, case), "kept", "it was right"), "alma")
    assert alarms(alone) == []


def alarms(office: Office) -> list[str]:
    company = office.company
    found = read_alarms(company.database, company.active(), company.program)
    return [alarm.what for alarm in found.alarms]


# --- a post that is gone --------------------------------------------------------------------------

_AUDIT = "  audit: {title: Internal audit, unit: claims, reports-to: head, roles: [approver]}\n"


def without_audit(instead: str, by: str) -> str:
    return REPAIRED.replace(_AUDIT, instead).replace("reviewed-by: audit", f"reviewed-by: {by}")


@pytest.mark.parametrize("ended", [False, True])
def test_a_review_goes_to_what_its_post_became_through_every_version_between(
    alone: Office, *, ended: bool
) -> None:
    case = overridden(alone)
    if ended:
        alone.do(Deliver(alone.task(case, "payment"), "paid-out"), interface="bank")
    review = review_of(alone, case)
    end_appointment(alone.company, alone.appointments["alma"], LONG_AGO, by="test")
    for was, name in (("audit", "control"), ("control", "revision")):
        post = _AUDIT.replace("audit: {title", f"{name}: {{was: {was}, title")
        change_model(alone.company, read(without_audit(post, name)), person="hedy")
    appoint(alone.company, [Appointment("anna", "revision", LONG_AGO)], by="test")

    assert review in {str(work.id) for work in rows(alone, "anna")}
    done = alone.ask(Review(review, "kept", "it was right"), "anna")

    assert isinstance(done, Done), str(done)
    assert faults(alone) == []


def test_a_review_whose_post_became_nothing_goes_to_who_keeps_it(alone: Office) -> None:
    """Nothing hung on the post when it went, or the change would have been refused."""
    case = alone.examined("900")
    with pytest.raises(UnsettledError, match="`audit` is gone, and nothing says"):
        change_model(alone.company, read(without_audit("", "head")), person="hedy")
    end_appointment(alone.company, alone.appointments["alma"], LONG_AGO, by="test")
    change_model(alone.company, read(without_audit("", "head")), person="hedy")
    assert isinstance(ask(alone, case, asked(alone, case), "cora"), Done)
    review = review_of(alone, case)

    assert review in {str(work.id) for work in rows(alone, "hedy")}
    assert alone.company.active().model.posts.keys() >= set(heirs(alone).values())
    done = alone.ask(Review(review, "to-correct", "too high"), "hedy")

    assert isinstance(done, Done), str(done)
    assert faults(alone) == []


def test_a_review_whose_heir_stands_empty_is_an_alarm(alone: Office) -> None:
    overridden(alone)
    post = _AUDIT.replace("audit: {title", "control: {was: audit, title")
    post = post.replace("roles: [approver]", "roles: [approver], vacancy: holds")
    end_appointment(alone.company, alone.appointments["alma"], LONG_AGO, by="test")
    change_model(alone.company, read(without_audit(post, "control")), person="hedy")
    end_appointment(alone.company, alone.appointments["hedy"], LONG_AGO, by="test")

    found = [each for each in alarms(alone) if "review" in each]

    assert len(found) == 1
    assert found[0].startswith("The review of an override of “Is the claim approved?” can be made")


def heirs(office: Office) -> dict[str, str]:
    with office.company.database.connection() as connection:
        found = connection.execute("SELECT post, heir FROM post_heir").fetchall()
    return {row["post"]: row["heir"] for row in found}


def rows(office: Office, person: str) -> tuple[OpenWork, ...]:
    company: Company = office.company
    return read_worklist(company.database, company.active(), person, Wanted()).page.rows


# --- the checker, held against a road that forgets a rule -----------------------------------------

_WAITING = "kingpost.decisions.judging.proposing.waiting"


def test_the_checker_finds_who_declines_what_they_propose_and_what_stands_in_no_worklist(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = alone.examined("900")
    event = asked(alone, case).asked

    def anybody(work: Any, _: object) -> object:  # noqa: ANN401 - whatever the real one takes
        return work.case.proposal

    with monkeypatch.context() as patched:
        patched.setattr(f"{_WAITING}.may_decline", anybody)
        patched.setattr(f"{_WAITING}.confirmers", _the_lead)
        assert isinstance(ask(alone, case, Decline(event, WHY), "leo"), Done)
    found = "\n".join(str(each) for each in audit(alone.company.database))
    assert "event 5: it was proposed and declined by the same person" in found
    assert "event 5: `lead` may not decline this" in found

    asked(alone, alone.examined("900"))
    with alone.company.database.connection() as connection:
        connection.execute("DELETE FROM task WHERE kind = 'confirmation'")
    assert "is no open work" in "\n".join(str(each) for each in audit(alone.company.database))


def _the_lead(*_: object) -> tuple[str, ...]:
    return ("lead",)
