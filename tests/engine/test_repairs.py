"""Repairs over a real database: two at once, what is stale, what breaks off, and the checkers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Command, Complete, Confirm, Decide, Propose, Record, Start
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.repairs import forcing
from kingpost.decisions.refusals import OverAllowance
from kingpost.engine.perform import Asked, ContentionError, Done, perform
from kingpost.engine.register import end_appointment
from kingpost.engine.verify import verify
from kingpost.queries.case_page import read_case_page
from kingpost.store import cases, register
from kingpost.store.pool import Database as Pool
from tests.database import Database, Databases
from tests.decisions.purchase import PURCHASE
from tests.engine.office import HOLDERS, LONG_AGO, Office, key
from tests.engine.test_notices import DAY, pump
from tests.engine.test_races import at_once, kinds

TEXT = (
    (Path(__file__).parent / "company.yaml")
    .read_text()
    .replace("    prefix: CLM\n", "    prefix: CLM\n    repaired-by: [head, lead, check]\n")
)


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    """One company for all tests here: each looks at cases of its own."""
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, {**HOLDERS, "hugo": "head"}, text=TEXT)


def ask(
    office: Office, case: UUID, command: Command, person: str, *, again: UUID | None = None
) -> object:
    return perform(office.company, Asked(again or key(), command, case, person))


def proposed(office: Office, case: UUID, command: Propose) -> Confirm:
    done = ask(office, case, command, "hedy")
    assert isinstance(done, Done), str(done)
    return Confirm(done.seq)


def faults(office: Office) -> list[str]:
    """Return what either checker finds, the one that shares the fold and the one that does not."""
    found = [f"{fault.invariant} {fault.message}" for fault in verify(office.company).faults]
    return [*found, *(str(each) for each in audit(office.company.database))]


def test_a_repair_of_every_kind_leaves_nothing_behind(office: Office) -> None:
    case = office.start()
    for command in (
        Propose({"amount": "300", "claimant": "Rita Pardo"}, reason="misspelt"),
        Propose(task=office.task(case, "examine"), to="done", reason="examined on paper"),
    ):
        assert isinstance(ask(office, case, proposed(office, case, command), "leo"), Done)
        assert faults(office) == []
    assert office.steps(case) == {"handling", "suspect"}
    cleared = Propose(task=office.task(case, "suspect"), outcome="clear", reason="too late")
    assert isinstance(ask(office, case, proposed(office, case, cleared), "carl"), Done)
    past = Propose(task=office.task(case, "approve"), to="payment", reason="paid already")
    assert str(ask(office, case, past, "hedy")).startswith("no repair moves a case past what")
    forced = Propose(task=office.task(case, "approve"), outcome="approve", reason="paid already")
    # Hedy and Leo have corrected what is examined, from which this is kept apart.
    assert isinstance(ask(office, case, forced, "hugo"), Done)
    assert faults(office) == []
    assert isinstance(ask(office, case, Confirm(office.case(case).version), "carl"), Done)

    assert office.steps(case) == {"payment"}
    typed = Propose({"report": "on paper"}, reason="typed")
    assert isinstance(ask(office, case, proposed(office, case, typed), "leo"), Done)
    assert faults(office) == []
    page = read_case_page(office.company.database, office.case(case).number, office.company.program)
    assert page is not None
    first, second = page.events[1:3]
    assert [(item.field, item.before, item.after) for item in first.changes] == [
        ("amount", "200", "300"),
        ("claimant", "Rita Prado", "Rita Pardo"),
    ]
    assert (first.kind, first.reason, second.kind, second.changes) == (
        "proposed",
        "misspelt",
        "repaired",
        first.changes,
    )


def test_of_many_who_confirm_at_once_one_repairs(office: Office) -> None:
    case = office.start()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))

    answers = at_once(8, lambda n: ask(office, case, confirm, ("leo", "hugo")[n % 2]))

    assert kinds(answers) == {"Done": 1, "ProposalGone": 7}
    assert office.case(case).version == 3


def test_a_case_that_moves_at_the_same_moment_is_repaired_before_or_not_at_all(
    office: Office,
) -> None:
    for _ in range(5):
        case = office.start()
        examine = office.task(case, "examine")
        confirm = proposed(office, case, Propose(task=examine, to="done", reason="on paper"))

        repaired, done = at_once(
            2,
            lambda n, case=case, examine=examine, confirm=confirm: (
                ask(office, case, confirm, "leo")
                if n
                else office.ask(Complete(examine, {"report": "x"}), "anna")
            ),
        )[::-1]

        assert isinstance(repaired, Done) != isinstance(done, Done)
        assert office.steps(case) == {"handling", "suspect"}


def test_a_proposal_is_stale_once_anything_was_recorded(office: Office) -> None:
    case = office.start()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))
    office.do(Record(office.task(case, "examine"), {"report": "x"}), "anna")

    assert str(ask(office, case, confirm, "leo")) == (
        "event 2 proposes nothing any more, or never did: look at the case again, and propose it"
        " anew"
    )


@pytest.mark.parametrize("through", [True, False])
def test_an_answer_that_is_lost_is_given_again_and_the_repair_happens_once(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, through: bool
) -> None:
    """The connection breaks off when the commit is through, or just before it."""
    case, name, record, broken = office.start(), key(), cases.record, list[bool]()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))

    def cut(*what: Any, **more: Any) -> object:  # noqa: ANN401 - whatever the real one takes
        answer = record(*what, **more) if broken or through else None
        if broken:
            return answer
        broken.append(True)
        raise psycopg.OperationalError("the connection broke")

    with monkeypatch.context() as patched:
        patched.setattr(cases, "record", cut)
        answer = ask(office, case, confirm, "leo", again=name)

    assert isinstance(answer, Done)
    assert (answer.seq, answer.repeated) == (3, through)
    assert office.case(case).version == 3
    again = ask(office, case, confirm, "leo", again=name)
    assert again == Done(case, answer.number, 3, repeated=True)


def test_who_may_not_confirm_is_told_why(office: Office) -> None:
    case = office.start()
    confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))

    assert str(ask(office, case, confirm, "anna")) == (
        "you may not repair cases of `claim`: `head`, `lead`, `check` may"
    )
    assert str(ask(office, case, confirm, "hedy")) == (
        "`hedy` proposed this repair: another person has to confirm it"
    )


def test_the_checker_finds_a_repair_that_one_person_did_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the road that writes had not asked for a second person; in a company of its own."""
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, text=TEXT)
        case = office.start()
        confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))
        with monkeypatch.context() as patched:
            patched.setattr("kingpost.decisions.judging.repairs.repairing._person", _somebody)
            # Two of one appointment would never be locked as two.
            patched.setattr("kingpost.decisions.judging.finish._rights", _of_the_second)
            assert isinstance(ask(office, case, confirm, "hedy"), Done)

        (fault,) = (str(each) for each in audit(office.company.database))

    assert "event 3: it was proposed and confirmed by the same person" in fault


def test_nobody_approves_what_a_repair_of_theirs_has_written(
    office: Office,
) -> None:
    case = office.examined()
    approve = office.task(case, "approve")
    corrected = Propose({"report": "all invented"}, reason="typed")
    words = "`approve` is for somebody else: you performed `examine` in this case"

    at_once_both = replace(corrected, task=approve, outcome="approve")
    assert str(ask(office, case, at_once_both, "hedy")) == words
    assert isinstance(ask(office, case, proposed(office, case, corrected), "leo"), Done)

    assert set(office.case(case).performers["examine"]) >= {"hedy", "leo"}
    for person in ("hedy", "leo"):
        assert str(office.ask(Decide(approve, "approve"), person)) == words
    assert faults(office) == []


def test_the_checker_finds_a_correction_that_is_nobodys_work(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, text=TEXT)
        case = office.start()
        confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))
        with monkeypatch.context() as patched:
            patched.setattr("kingpost.decisions.judging.repairs.repairing.note", _never)
            assert isinstance(ask(office, case, confirm, "leo"), Done)

        (fault,) = (str(each) for each in audit(pool))

    assert "event 3: it corrects what `examine` records, and is not the work of both" in fault


def test_whoever_proposed_must_hold_the_post_until_it_is_confirmed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the post is lost between the look at it and the recording: both are locked."""
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, {**HOLDERS, "hugo": "head"}, text=TEXT)
        case = office.start()
        confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))
        end_appointment(office.company, office.appointments["hedy"], LONG_AGO, by="test")
        words = (
            "`hedy` proposed this repair and no longer holds `head`: propose it anew, and let"
            " another person confirm it"
        )

        assert str(ask(office, case, confirm, "leo")) == words
        with monkeypatch.context() as patched:
            patched.setattr(register, "has_ended", _never)
            with pytest.raises(ContentionError):
                ask(office, case, confirm, "leo")
        assert office.case(case).version == 2
        with monkeypatch.context() as patched:
            patched.setattr(register, "has_ended", _never)
            patched.setattr("kingpost.decisions.judging.finish._rights", _of_the_second)
            assert isinstance(ask(office, case, confirm, "leo"), Done)
        (fault,) = (str(each) for each in audit(pool))

    assert "event 3: whoever proposed it did not hold that post when it was carried out" in fault


def _never(*_: object) -> bool:
    return False


def _of_the_second(judgement: Judgement) -> Iterator[UUID]:
    assert judgement.standing is not None
    yield UUID(judgement.standing.holding.right)


def _somebody(_: object) -> str:
    return "somebody"


def test_a_notice_that_moves_nothing_leaves_a_proposal(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, text=TEXT.replace(_DUE, _DUE + _LADDER))
        case = office.begun_ago(30 * DAY)
        confirm = proposed(office, case, Propose({"amount": "1"}, reason="less"))
        assert pump(office) == 3
        page = read_case_page(pool, office.case(case).number, office.company.program)
        assert page is not None
        assert page.proposal is not None
        assert (page.proposal.event, page.events[-1].kind) == (2, "escalated")
        assert faults(office) == []

        assert isinstance(ask(office, case, confirm, "leo"), Done)

        assert office.case(case).fields["amount"] == "1"
        assert faults(office) == []


_DUE = "                  due: 2 days\n"
_LADDER = (
    "                  warn: at 50 %\n"
    "                  escalate: [{to: check}, {after: 1 day, to: superior}]\n"
)


# --- forcing an outcome ---------------------------------------------------------------------------

BUYS = PURCHASE.replace("    owner: head\n", "    owner: head\n    repaired-by: [desk, lead]\n")
VOTED = re.sub(r"\n *allowance: .*", "", BUYS.replace("due: 1 day", "quorum: 2 of 3"))
BUYERS = {"anna": "desk", "ben": "desk", "leo": "lead", "lena": "lead", "hedy": "head"}


def forced(office: Office, price: str, outcome: str, *two: str) -> object:
    """Force an outcome of a new case by two people; return the answer to the second of them."""
    case = office.do(Start({"price": price, "what": "a lathe"}), "anna").case
    command = Propose(task=office.task(case, "approve"), outcome=outcome, reason="urgent")
    first = ask(office, case, command, two[0])
    return ask(office, case, Confirm(first.seq), two[1]) if isinstance(first, Done) else first


def uses(office: Office) -> list[tuple[str, int, Decimal, Decimal]]:
    with office.company.database.connection() as connection:
        rows = connection.execute("SELECT * FROM allowance_use ORDER BY entry").fetchall()
    return [(row["post"], row["entry"], row["before"], row["counts"]) for row in rows]


def test_two_force_only_what_one_of_them_may_decide_and_it_counts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, BUYERS, text=BUYS, workflow="purchase")

        assert str(forced(office, "900000 EUR", "approve", "anna", "ben")) == (
            "a repair forces only what one of its two people may decide: `desk` may not take"
            " `approve` in `approve` on this record; `head` may"
        )
        assert str(forced(office, "601 EUR", "approve", "anna", "leo")) == (
            "a repair forces only what one of its two people may decide: neither `desk` nor `lead`"
            " may take `approve` in `approve` on this record; `head` may"
        )
        for two in (("leo", "anna"), ("anna", "leo")):
            done = forced(office, "400 EUR", "approve", *two)
            assert isinstance(done, Done)
            with pool.connection() as connection:
                found = connection.execute(
                    "SELECT convert_from(body, 'UTF8')::jsonb AS told FROM event"
                    " WHERE case_id = %s AND seq = %s",
                    (done.case, done.seq),
                ).fetchone()
            assert found is not None
            by = found["told"]["repair"]["authority"]
            assert (by["person"], by["post"], by["grant"]) == (
                "leo",
                "lead",
                "purchase.price <= 600",
            )
        over = forced(office, "300 EUR", "approve", "anna", "leo")
        assert isinstance(over, OverAllowance)
        assert (over.post, str(over.left)) == ("lead", "200.00 EUR")
        assert uses(office) == [("lead", 1, 0, 400), ("lead", 2, 400, 400)]
        assert faults(office) == []

        with monkeypatch.context() as patched:
            patched.setattr(forcing, "grants", _whatever)
            assert isinstance(forced(office, "700 EUR", "refuse", "anna", "leo"), Done)
            assert list(audit(pool)) == []
            patched.setattr(forcing, "with_room", _without_counting)
            assert isinstance(forced(office, "700 EUR", "approve", "anna", "leo"), Done)
        found = [str(each).partition("event 3: ")[2] for each in audit(pool)]

    assert found == [
        "`lead` decides within an allowance, and nothing says what it uses up",
        "`lead` may do this when `purchase.price <= 600`, and the case was not so",
    ]


def _whatever(*_: object) -> bool:
    return True


def _without_counting(*what: Any, **_: object) -> Iterator[object]:  # noqa: ANN401 - of the real one
    return ((taking, None) for taking in what[3])


def test_where_several_decide_two_force_only_what_both_could_vote_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, BUYERS, text=VOTED, workflow="purchase")
        words = (
            "several people decide in `approve`, so two force its outcome only when both could"
            " vote for it: `desk` may not vote for `approve`; `lead`, `head` may"
        )

        for two in (("anna", "leo"), ("leo", "anna")):
            assert str(forced(office, "400 EUR", "approve", *two)) == words
        assert isinstance(forced(office, "400 EUR", "approve", "leo", "lena"), Done)
        assert faults(office) == []
        with monkeypatch.context() as patched:
            patched.setattr(forcing, "_takings", _of_all)
            assert isinstance(forced(office, "400 EUR", "approve", "leo", "anna"), Done)
        found = [str(each).partition("event 3: ")[2] for each in audit(pool)]

    assert found == [
        "it forces `approve`, for which `desk` has no authority",
        "it forces what several decide, and `desk` could not vote for it",
    ]


def _of_all(work: Any, *what: Any) -> object:  # noqa: ANN401 - of the real one
    (right, *_) = work.program.rights["approve/approve"]
    return tuple((standing, right) for standing in what[-1])
