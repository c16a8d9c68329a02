"""The second opinion about machine agents: silent over sound work, and loud over what is forged."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from kingpost.audit.auditing import audit, audit_on
from kingpost.decisions.commands import Complete, Decide
from kingpost.engine import register
from kingpost.store.pool import Database as Pool
from tests.audit.forging import Body, Forged, change, unlock, write
from tests.database import Databases
from tests.engine.agency import agency
from tests.engine.office import Office

Forge = Callable[[Body, Office], None]


@pytest.fixture(scope="module")
def worked(databases: Databases) -> Iterator[tuple[Office, Connection[DictRow], dict[str, UUID]]]:
    """One company for all: each damage is undone."""
    with (
        databases.kept() as database,
        Pool(database.app_url, connections=4) as pool,
        Connection[DictRow].connect(
            database.owner_url, row_factory=dict_row, autocommit=True
        ) as owner,
    ):
        office = agency(pool)
        yield office, owner, _work(office)


def _work(office: Office) -> dict[str, UUID]:
    by_agent, by_person, stood_in = office.start(), office.start(), office.start()
    office.do(Decide(office.task(by_agent, "suspect"), "clear"), "bot")
    office.do(Complete(office.task(by_agent, "examine"), {"report": "fine"}), "anna")
    office.do(Decide(office.task(by_agent, "approve"), "approve"), "hedy")
    office.do(Decide(office.task(by_person, "suspect"), "clear"), "carl")
    moment = datetime.now(UTC)  # noqa: TID251 - when somebody leaves is told from outside.
    register.end_appointment(office.company, office.appointments["leo"], moment, by="test")
    office.do(Decide(office.task(stood_in, "suspect"), "clear"), "hedy")
    return {"agent": by_agent, "person": by_person, "stood in": stood_in}


def test_sound_work_of_agents_has_no_faults(
    worked: tuple[Office, Connection[DictRow], dict[str, UUID]],
) -> None:
    database = worked[0].company.database

    assert [str(finding) for finding in audit(database)] == []


def _nobody_answers(body: Body, office: Office) -> None:
    del body["actor"]["answered-for"]


def _another_answers(body: Body, office: Office) -> None:
    right = str(office.appointments["hedy"])
    body["actor"]["answered-for"] = {"person": "hedy", "post": "head", "right": right}
    change(body, "perform", person="leo")["person"] = "hedy"


def _another_name(body: Body, office: Office) -> None:
    body["actor"]["answered-for"]["person"] = "anna"
    change(body, "perform", person="leo")["person"] = "anna"


def _says_it_is_a_person(body: Body, office: Office) -> None:
    body["actor"]["kind"] = "substantive"


def _stands_in(body: Body, office: Office) -> None:
    body["actor"] |= {"via": "vacancy", "for": "check"}


def _only_itself(body: Body, office: Office) -> None:
    body["changes"].remove(change(body, "perform", person="leo"))


def _as_an_agent(body: Body, office: Office) -> None:
    body["actor"] |= {"person": "bot", "post": "check", "right": str(office.appointments["bot"])}


def _a_person_answers_for_a_person(body: Body, office: Office) -> None:
    right = str(office.appointments["leo"])
    body["actor"]["answered-for"] = {"person": "leo", "post": "lead", "right": right}


def _after_who_answers_has_gone(body: Body, office: Office) -> None:
    right, answers = str(office.appointments["bot"]), str(office.appointments["leo"])
    body["actor"] = {
        "person": "bot",
        "post": "screen",
        "right": right,
        "kind": "agent",
        "via": "post",
        "answered-for": {"person": "leo", "post": "lead", "right": answers},
        "grant": "claim.amount <= 300",
    }


@pytest.mark.parametrize(
    ("case", "forge", "words"),
    [
        ("agent", _nobody_answers, "an agent did it, and it names nobody who answers for it"),
        ("agent", _another_answers, "`hedy` was not the one who answered for the agent"),
        ("agent", _another_name, "who answered for the agent held another post than it says"),
        ("agent", _says_it_is_a_person, "it says `substantive` of an appointment that is `agent`"),
        (
            "agent",
            _stands_in,
            "an agent did it by what is lent, or in the place of somebody else",
        ),
        ("person", _as_an_agent, "an agent did it in `check`, which is for people"),
        (
            "person",
            _a_person_answers_for_a_person,
            "it names who answers for an agent, and no agent did it",
        ),
        (
            "stood in",
            _after_who_answers_has_gone,
            "who answered for the agent did not hold that post then",
        ),
    ],
)
def test_what_is_forged_about_agents_is_found(
    worked: tuple[Office, Connection[DictRow], dict[str, UUID]],
    case: str,
    forge: Forge,
    words: str,
) -> None:
    office, owner, cases = worked
    with owner.transaction(force_rollback=True):
        unlock(owner)
        write(owner, Forged(cases[case], "decided", "suspect", lambda body: forge(body, office)))
        found = [str(finding) for finding in audit_on(owner)]

    assert any(words in line and "I7" in line for line in found), found


def test_who_answers_has_performed_the_step_too(
    worked: tuple[Office, Connection[DictRow], dict[str, UUID]],
) -> None:
    office, owner, cases = worked
    with owner.transaction(force_rollback=True):
        unlock(owner)
        forged = Forged(
            cases["agent"], "decided", "suspect", lambda body: _only_itself(body, office)
        )
        write(owner, forged)
        found = [str(finding) for finding in audit_on(owner)]

    assert any(
        line.startswith("I8 ") and line.endswith("who performed its steps is not who acted at them")
        for line in found
    ), found
