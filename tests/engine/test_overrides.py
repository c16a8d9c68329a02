"""Overrides over a real database: two at once, what is late, what breaks off, and the checkers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.authority import Standing
from kingpost.decisions.commands import (
    Actor,
    Command,
    Complete,
    ConfirmOverride,
    Decide,
    Deliver,
    Override,
    Review,
    Start,
)
from kingpost.decisions.decide import begin
from kingpost.decisions.judging.judgement import Judgement
from kingpost.decisions.judging.work import Work
from kingpost.decisions.transition import Transition
from kingpost.engine.perform import Asked, ContentionError, Done, perform
from kingpost.engine.register import end_appointment
from kingpost.engine.verify import verify
from kingpost.store import cases, register
from kingpost.store.pool import Database as Pool
from kingpost.values.identity import identify
from tests.database import Database, Databases
from tests.engine.office import HOLDERS, LONG_AGO, Office, key
from tests.engine.test_notices import pump
from tests.engine.test_races import at_once, kinds

TEXT = (
    (Path(__file__).parent / "company.yaml")
    .read_text()
    .replace(
        "        separate-from: [examine]\n",
        "        separate-from: [examine]\n"
        "        override:\n"
        "          by: [lead]\n"
        "          outcomes: [approve]\n"
        "          confirmed-by: [check]\n"
        "          lapses-after: 2 hours\n"
        "          reviewed-by: audit\n"
        "          review-within: 2 days\n",
    )
    .replace(
        "  desk: {title: Claims desk",
        "  audit: {title: Internal audit, unit: claims, reports-to: head, roles: [approver]}\n"
        "  desk: {title: Claims desk",
    )
)
PEOPLE = {**HOLDERS, "cora": "check", "alma": "audit"}
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    """One company for all tests here: each looks at cases of its own."""
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool, PEOPLE, text=TEXT)


@pytest.fixture
def alone(database: Database) -> Iterator[Office]:
    """A company in which a test may break something."""
    with Pool(database.app_url, connections=2) as pool:
        yield Office.opened(pool, PEOPLE, text=TEXT)


def ask(
    office: Office, case: UUID, command: Command, person: str, *, again: UUID | None = None
) -> object:
    return perform(office.company, Asked(again or key(), command, case, person))


def asked(office: Office, case: UUID, person: str = "leo") -> ConfirmOverride:
    command = Override(office.task(case, "approve"), "approve", reason="no roof")
    done = ask(office, case, command, person)
    assert isinstance(done, Done), str(done)
    return ConfirmOverride(done.seq)


def overridden(office: Office) -> UUID:
    case = office.examined("900")
    assert isinstance(ask(office, case, asked(office, case), "cora"), Done)
    return case


def review_of(office: Office, case: UUID) -> str:
    (name,) = office.case(case).reviews
    return name


def faults(office: Office) -> list[str]:
    """Return what either checker finds, the one that shares the fold and the one that does not."""
    found = [f"{fault.invariant} {fault.message}" for fault in verify(office.company).faults]
    return [*found, *(str(each) for each in audit(office.company.database))]


def ago(office: Office, age: timedelta) -> UUID:
    """Return a case whose approval somebody asked to override so long ago."""
    at = datetime.now(UTC) - age  # noqa: TID251 - beside the database's clock.
    case = begin(office.company.active(), "claim", identify(at, str(key())), f"OLD-{key()}", at)
    fields = {"claimant": "Rita Prado", "amount": "900"}
    case = office.record_at(case, Start(fields), "anna", at)
    for step, command, person in (
        ("examine", Complete("", {"report": "ok"}), "anna"),
        ("suspect", Decide("", "clear"), "carl"),
        ("approve", Override("", "approve", reason="no roof"), "leo"),
    ):
        token = case.at(step)
        assert token is not None
        case = office.record_at(case, replace(command, task=token.id), person, at)
    return case.id


def test_an_override_and_its_review_leave_nothing_behind(office: Office) -> None:
    case = office.examined("900")
    asked(office, case)
    assert faults(office) == []
    assert isinstance(ask(office, case, ConfirmOverride(office.case(case).version), "cora"), Done)
    assert office.steps(case) == {"payment"}
    assert faults(office) == []
    office.do(Deliver(office.task(case, "payment"), "paid-out"), interface="bank")
    name = review_of(office, case)
    assert office.case(case).is_closed
    assert faults(office) == []

    done = office.ask(Review(name, "kept", "it was right"), "alma")

    assert isinstance(done, Done)
    assert office.case(case).reviews == {}
    assert office.scalar("SELECT count(*) FROM task WHERE case_id = %s", case) == 0
    assert faults(office) == []


def test_of_many_who_confirm_at_once_one_overrides(office: Office) -> None:
    case = office.examined("900")
    confirm = asked(office, case)

    answers = at_once(8, lambda n: ask(office, case, confirm, ("carl", "cora")[n % 2]))

    assert kinds(answers) == {"Done": 1, "OverrideGone": 7}
    assert office.scalar("SELECT count(*) FROM task WHERE case_id = %s", case) == 2


def test_a_case_that_moves_at_the_same_moment_is_overridden_or_decided(office: Office) -> None:
    for _ in range(5):
        case = office.examined("900")
        approve, confirm = office.task(case, "approve"), asked(office, case)

        answers = at_once(
            2,
            lambda n, case=case, approve=approve, confirm=confirm: (
                ask(office, case, confirm, "cora")
                if n
                else office.ask(Decide(approve, "approve"), "hedy")
            ),
        )

        assert sorted(isinstance(each, Done) for each in answers) == [False, True]
        assert office.steps(case) == {"payment"}


def test_a_key_that_comes_again_has_one_effect_and_one_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the connection breaks off after the commit."""
    case, name, record, broken = office.examined("900"), key(), cases.record, list[bool]()
    confirm = asked(office, case)

    def cut(*what: Any, **more: Any) -> object:  # noqa: ANN401 - whatever the real one takes
        answer = record(*what, **more)
        if broken:
            return answer
        broken.append(True)
        raise psycopg.OperationalError("the connection broke")

    with monkeypatch.context() as patched:
        patched.setattr(cases, "record", cut)
        first = ask(office, case, confirm, "cora", again=name)
    again = ask(office, case, confirm, "cora", again=name)

    assert isinstance(first, Done)
    assert first == again == Done(case, first.number, first.seq, repeated=True)
    review, made = review_of(office, case), key()
    command = Review(review, "kept", "it was right")
    done = ask(office, case, command, "alma", again=made)
    assert isinstance(done, Done)
    assert ask(office, case, command, "alma", again=made) == replace(done, repeated=True)


def test_the_review_is_made_once(office: Office) -> None:
    case = overridden(office)
    command = Review(review_of(office, case), "to-correct", "the roof was fine")

    answers = at_once(4, lambda _: ask(office, case, command, "alma"))

    assert kinds(answers) == {"Done": 1, "NotOpen": 3}


def test_what_nobody_confirms_in_its_time_lapses_by_itself(alone: Office) -> None:
    case = ago(alone, 3 * HOUR)
    confirm = ConfirmOverride(alone.case(case).version)
    assert "lapsed on" in str(ask(alone, case, confirm, "cora"))

    assert pump(alone) == 1

    assert alone.case(case).proposal is None
    assert alone.scalar("SELECT count(*) FROM timer") == 0
    assert str(ask(alone, case, confirm, "cora")).startswith(
        "event 4 asks for no override any more"
    )
    assert faults(alone) == []


def test_it_is_not_recorded_once_it_has_lapsed_meanwhile(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if its time passed between the look at the clock and the recording."""
    case = ago(alone, 3 * HOUR)
    confirm = ConfirmOverride(alone.case(case).version)
    read = cases.read_facts

    def early(*what: Any) -> object:  # noqa: ANN401 - whatever the real one takes
        found, held, now = read(*what)
        return found, held, now - 2 * HOUR

    with monkeypatch.context() as patched:
        patched.setattr(cases, "read_facts", early)
        with pytest.raises(ContentionError):
            ask(alone, case, confirm, "cora")

    assert alone.steps(case) == {"approve"}


def test_whoever_asked_must_hold_the_post_until_it_is_confirmed(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the post is lost between the look at it and the recording: both are locked."""
    case = alone.examined("900")
    confirm = asked(alone, case)
    end_appointment(alone.company, alone.appointments["leo"], LONG_AGO, by="test")

    assert str(ask(alone, case, confirm, "cora")).startswith(
        "`leo` asked for this override and no longer holds `lead`"
    )
    with monkeypatch.context() as patched:
        patched.setattr(register, "has_ended", _no)
        with pytest.raises(ContentionError):
            ask(alone, case, confirm, "cora")
    assert alone.steps(case) == {"approve"}


def test_an_overdue_review_holds_further_overrides_of_its_post_back(alone: Office) -> None:
    late, other = overridden(alone), alone.examined("900")
    confirm = asked(alone, other)
    with alone.company.database.connection() as connection:
        connection.execute("UPDATE task SET due_at = opened_at WHERE kind = 'review'")
    words = "`lead` overrides nothing more while the review of an earlier override of it is overdue"

    assert str(ask(alone, other, confirm, "cora")).startswith(words)
    command = Override(alone.task(other, "approve"), "approve", reason="no roof")
    assert str(ask(alone, other, command, "leo")).startswith(words)
    alone.do(Review(review_of(alone, late), "kept", "it was right"), "alma")

    assert isinstance(ask(alone, other, confirm, "cora"), Done)


# --- the checker, held against a road that forgets a rule -----------------------------------------

_OVERRIDING = "kingpost.decisions.judging.overriding.overriding"
_REVIEWS = "kingpost.decisions.judging.reviewing.reviews"


def found_in(office: Office) -> str:
    return "\n".join(str(each) for each in audit(office.company.database))


def test_the_checker_finds_an_override_that_one_person_did_alone(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = alone.examined("900")
    confirm = asked(alone, case)
    with monkeypatch.context() as patched:
        patched.setattr(f"{_OVERRIDING}.own", _in_any_post)
        patched.setattr(f"{_OVERRIDING}._person", _somebody)
        # Two of one appointment would never be locked as two.
        patched.setattr("kingpost.decisions.judging.finish._rights", _of_the_second)
        assert isinstance(ask(alone, case, confirm, "leo"), Done)

    assert "event 5: `lead` may not confirm an override here" in found_in(alone)


def test_the_checker_finds_an_override_that_nobody_is_to_review(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(f"{_OVERRIDING}.open_review", _no)
        overridden(alone)

    assert "event 5: 0 reviews of it were opened" in found_in(alone)


def test_the_checker_finds_one_that_waits_longer_than_the_model_says(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(f"{_OVERRIDING}.timedelta", _twice)
        asked(alone, alone.examined("900"))

    assert "and not after 2 hours" in found_in(alone)


def test_the_checker_finds_who_reviews_what_they_did(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = overridden(alone)
    with monkeypatch.context() as patched:
        patched.setattr(f"{_REVIEWS}._standing", _of_the_actor)
        assert isinstance(
            ask(alone, case, Review(review_of(alone, case), "kept", "x"), "leo"), Done
        )

    found = found_in(alone)
    assert "event 6: `lead` may not do this here" in found
    assert "event 6: `leo` reviews an override in which `leo` took part" in found


def test_the_checker_finds_what_was_late_and_what_was_overridden_in_spite_of_it(
    alone: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = timedelta(days=5)
    case = alone.case(ago(alone, days))
    at = datetime.now(UTC) - days  # noqa: TID251 - beside the database's clock.
    write = cases.write_news

    def later(transition: Transition) -> dict[str, Any]:
        return {**write(transition), "until": "2100-01-01"}

    with monkeypatch.context() as patched:
        patched.setattr(cases, "write_news", later)
        alone.record_at(case, ConfirmOverride(case.version), "cora", at + HOUR)
    with monkeypatch.context() as patched:
        patched.setattr("kingpost.engine.perform.unreviewed_posts", _none)
        overridden(alone)

    found = found_in(alone)
    assert "when it had lapsed" in found
    assert found.count("while a review of an earlier override of it was overdue") == 2


def _in_any_post(actor: Actor, *_: object) -> tuple[Standing, ...]:
    return tuple(Standing(holding) for holding in actor.holdings)


def _of_the_second(judgement: Judgement) -> Iterator[UUID]:
    assert judgement.standing is not None
    yield UUID(judgement.standing.holding.right)


def _no(*_: object) -> bool:
    return False


def _none(*_: object) -> frozenset[str]:
    return frozenset()


def _somebody(_: object) -> str:
    return "somebody"


def _twice(seconds: float) -> timedelta:
    return timedelta(0, 2 * seconds)


def _of_the_actor(work: Work, _: object) -> Standing:
    return _in_any_post(work.facts.actor)[0]
