"""What may happen at the same time: keys, tasks, rights and connections, with real threads."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Thread

import psycopg
import pytest

from kingpost.decisions.commands import Complete, Decide, Record, Start
from kingpost.decisions.refusals import NotYourPost
from kingpost.engine import perform as road
from kingpost.engine import register
from kingpost.engine.perform import Asked, Done, KeyReusedError, NoSuchCase, perform
from kingpost.engine.register import Appointment, NotAppointedError
from kingpost.store import cases
from tests.database import Database
from tests.engine.office import Office, key

RIGHT_RACES = 500
CLIENTS_MAX = 100


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Do something in so many threads, which begin together; return what each came to."""
    barrier = Barrier(count)

    def begin(number: int) -> object:
        barrier.wait()
        try:
            return act(number)
        except Exception as error:  # noqa: BLE001 - an error is an answer here.
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


def many(count: int, act: Callable[[int], object]) -> list[object]:
    """Do something so many times, as many as there can be clients at once."""
    clients = min(count, CLIENTS_MAX)
    shares = [range(first, count, clients) for first in range(clients)]
    done = at_once(clients, lambda client: [act(number) for number in shares[client]])
    assert all(isinstance(each, list) for each in done), done
    return [answer for each in done for answer in each]  # type: ignore[attr-defined]


def kinds(answers: Iterable[object]) -> Counter[str]:
    return Counter(type(answer).__name__ for answer in answers)


def test_the_same_key_has_one_effect_and_one_answer(
    office: Office, size: Callable[[int], int]
) -> None:
    case, again, count = office.start(), key(), size(50)
    task = office.task(case, "examine")

    answers = many(
        count, lambda _: office.ask(Complete(task, {"report": "fine"}), "anna", again=again)
    )

    assert kinds(answers) == {"Done": count}
    done = [answer for answer in answers if isinstance(answer, Done)]
    assert {(item.case, item.number, item.seq) for item in done} == {(case, "CLM-1", 2)}
    assert sum(not item.repeated for item in done) == 1
    assert office.scalar("SELECT count(*) FROM event") == 2


def test_the_same_key_starts_one_case(office: Office) -> None:
    again = key()

    answers = at_once(
        20, lambda _: office.ask(Start({"claimant": "Rita", "amount": "1"}), "anna", again=again)
    )

    done = [answer for answer in answers if isinstance(answer, Done)]
    assert len(done) == 20
    assert len({item.case for item in done}) == 1
    assert office.scalar("SELECT count(*) FROM case_file") == 1


def test_a_key_belongs_to_one_command(office: Office) -> None:
    case, again = office.start(), key()
    task = office.task(case, "examine")
    first = office.ask(Complete(task, {"report": "fine"}), "anna", again=again)

    repeated = office.ask(Complete(task, {"report": "fine"}), "anna", again=again)

    assert isinstance(first, Done)
    assert repeated == Done(first.case, first.number, first.seq, repeated=True)
    with pytest.raises(KeyReusedError):
        office.ask(Complete(task, {"report": "other"}), "anna", again=again)
    with pytest.raises(KeyReusedError):
        office.ask(Complete(task, {"report": "fine"}), "ben", again=again)


def test_one_task_has_one_outcome(office: Office, size: Callable[[int], int]) -> None:
    case, count = office.start(), size(200)
    task = office.task(case, "examine")

    answers = many(count, lambda n: office.ask(Complete(task, {"report": f"by {n}"}), "anna"))

    assert kinds(answers) == {"Done": 1, "NoSuchCase": count - 1}
    assert office.scalar("SELECT count(*) FROM event") == 2


def test_what_does_not_exclude_each_other_is_all_done(office: Office) -> None:
    """Each thread finds the case changed again and again: after a while it locks it first."""
    case = office.start()
    task = office.task(case, "examine")

    answers = at_once(60, lambda n: office.ask(Record(task, {"report": f"by {n}"}), "anna"))

    assert kinds(answers) == {"Done": 60}
    assert office.case(case).version == 61


def test_a_stale_decision_is_made_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.start()
    task, decide, interfered = office.task(case, "examine"), road.decide, list[bool]()

    def slow(*facts: object) -> object:
        if not interfered:
            interfered.append(True)
            office.do(Record(task, {"amount": "77"}), "ben")
        return decide(*facts)  # type: ignore[arg-type]

    monkeypatch.setattr(road, "decide", slow)
    answer = office.do(Complete(task, {"report": "fine"}), "anna")

    assert answer.seq == 3
    assert office.case(case).fields["amount"] == "77"


def test_a_right_that_ends_before_recording_refuses(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.examined()
    decide, ended = road.decide, list[object]()

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        if not ended:
            ended.append(
                register.end_appointment(
                    office.company, office.appointments["leo"], now(), by="test"
                )
            )
        return outcome

    monkeypatch.setattr(road, "decide", slow)
    answer = office.ask(Decide(office.task(case, "approve"), "approve"), "leo")

    assert ended == ["ended"]
    assert isinstance(answer, NotYourPost)
    assert office.steps(case) == {"approve"}


def test_standing_in_ends_when_the_post_is_held_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert register.end_appointment(office.company, office.appointments["carl"], now(), by="test")
    case, decide = office.start(), road.decide

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        register.appoint(office.company, [Appointment("ben", "check", moment)], by="test")
        return outcome

    moment = now()
    monkeypatch.setattr(road, "decide", slow)
    answer = office.ask(Decide(office.task(case, "suspect"), "clear"), "leo")

    assert isinstance(answer, NotYourPost)


@pytest.mark.slow
def test_no_decision_is_recorded_after_its_right_ended(office: Office) -> None:
    """The database's clock says when: both times are taken under the appointment's lock."""
    company = office.company
    case = office.start()
    task = office.task(case, "examine")
    register.keep_people(company, ((f"p{n}", f"P {n}") for n in range(RIGHT_RACES)))
    wins = Counter[str]()

    for number in range(RIGHT_RACES):
        person = f"p{number}"
        (right,) = register.appoint(company, [Appointment(person, "desk", now())], by="test")
        ender = Thread(
            target=register.end_appointment, args=(company, right, now()), kwargs={"by": "test"}
        )
        ender.start()
        wins[type(office.ask(Record(task, {"report": person}), person)).__name__] += 1
        ender.join()

    late = office.scalar(
        """
        SELECT count(*)
          FROM event
          JOIN appointment
            ON appointment.id = (convert_from(body, 'UTF8')::jsonb -> 'actor' ->> 'right')::uuid
         WHERE event.recorded_at >= upper(during)
        """
    )
    assert late == 0
    assert wins["Done"] + wins["NotYourPost"] == RIGHT_RACES


def test_seats_are_never_given_twice(office: Office) -> None:
    names = [f"p{n}" for n in range(20)]
    assert register.end_appointment(office.company, office.appointments["carl"], now(), by="test")
    register.keep_people(office.company, ((name, name) for name in names))
    moment = now()

    answers = at_once(
        20,
        lambda n: register.appoint(
            office.company, [Appointment(names[n], "check", moment)], by="test"
        ),
    )

    assert kinds(answers) == {"list": 3, "NotAppointedError": 17}
    seats = """
        SELECT array_agg(seat ORDER BY seat) FROM appointment
         WHERE post = 'check' AND upper_inf(during)
    """
    assert office.scalar(seats) == [1, 2, 3]


def test_the_same_appointment_at_once_is_one(office: Office) -> None:
    wish = Appointment("ben", "check", now())

    answers = at_once(10, lambda _: register.appoint(office.company, [wish], by="test"))

    assert kinds(answers) == {"list": 10}
    assert len({str(answer) for answer in answers}) == 1
    assert office.scalar("SELECT count(*) FROM appointment WHERE person = 'ben'") == 2


def test_appointments_in_opposite_order_do_not_block_each_other(office: Office) -> None:
    names = [f"p{n}" for n in range(10)]
    register.keep_people(office.company, ((name, name) for name in names))
    moment = now()

    def both(number: int) -> object:
        posts = ("desk", "head") if number % 2 else ("head", "desk")
        wishes = [Appointment(names[number], post, moment) for post in posts]
        try:
            return register.appoint(office.company, wishes, by="test")
        except NotAppointedError as error:
            return error

    assert kinds(at_once(10, both)) == {"list": 1, "NotAppointedError": 9}


def test_a_connection_that_breaks_after_the_commit_is_no_second_effect(
    office: Office, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.start()
    task, record, broken = office.task(case, "examine"), cases.record, list[str]()

    def recorded_then_lost(*given: object, **more: object) -> object:
        answer = record(*given, **more)  # type: ignore[arg-type]
        if not broken:
            broken.append("once")
            raise psycopg.OperationalError("the server closed the connection")
        return answer

    monkeypatch.setattr(cases, "record", recorded_then_lost)
    answer = office.do(Complete(task, {"report": "fine"}), "anna")

    assert answer == Done(case, "CLM-1", 2, repeated=True)
    assert office.scalar("SELECT count(*) FROM event") == 2


def test_the_server_ends_every_connection_in_the_middle(
    office: Office, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.start()
    task, decide, ended = office.task(case, "examine"), road.decide, list[int]()
    # A wide pool, so that every connection in it is broken when we ask again.
    at_once(10, lambda _: office.task(case, "examine"))

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        if not ended:
            ended.append(end_connections(database))
        return outcome

    monkeypatch.setattr(road, "decide", slow)
    answer = office.do(Complete(task, {"report": "fine"}), "anna")

    assert ended[0] >= 1
    assert answer.seq == 2
    assert office.scalar("SELECT count(*) FROM event") == 2


def test_nothing_of_a_finished_case_can_be_done_again(office: Office) -> None:
    case = office.examined()
    task = office.task(case, "approve")
    office.do(Decide(task, "reject", reason="no"), "hedy")

    assert isinstance(office.ask(Complete(task), "anna"), NoSuchCase)
    asked = Asked(key(), Complete(task), case=case, person="anna")
    assert type(perform(office.company, asked)).__name__ == "CaseIsClosed"


def end_connections(database: Database) -> int:
    """End all connections of the running company; return how many there were."""
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        rows = connection.execute(
            """
            SELECT pg_terminate_backend(pid)
              FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND usename = current_user
            """
        ).fetchall()
    return len(rows)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when an appointment ends is told from outside.
