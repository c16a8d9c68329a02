"""A network that is slow and breaks: nothing is lost or doubled, and everybody is told clearly."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from uuid import UUID

import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Record
from kingpost.engine import perform as performing
from kingpost.engine.away import OperationalError
from kingpost.engine.perform import Done
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, problem
from tests.database import Database
from tests.engine.office import Office, key
from tests.faults.network import Break, Network, network_to

CLIENTS, CONNECTIONS = 8, 5


@pytest.fixture
def laid(database: Database) -> Iterator[tuple[Office, Network]]:
    with network_to(database.app_url) as (network, url), Pool(url, connections=CONNECTIONS) as pool:
        yield Office.opened(pool), network


def sound(office: Office) -> None:
    assert verify(office.company).faults == ()
    assert list(audit(office.company.database)) == []


def until_told(office: Office, command: Record, again: UUID) -> Done:
    """Ask as whoever needs an answer: once more with the same key, until there is one."""
    while True:
        try:
            answer = office.ask(command, "anna", again=again)
        except OperationalError:
            continue
        assert isinstance(answer, Done), str(answer)
        return answer


@pytest.mark.slow
@pytest.mark.parametrize("how", list(Break))
def test_whatever_breaks_wherever_each_command_has_one_effect_and_one_answer(
    laid: tuple[Office, Network],
    how: Break,
    size: Callable[[int], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(performing, "_ATTEMPT_SECONDS_MAX", 1.0)
    office, network = laid
    tasks = [office.task(office.start(), "examine") for _ in range(CLIENTS)]
    network.how, network.way, network.breaking = how, 0.002, 0.03
    wanted = size(12)

    def work(task: str) -> list[tuple[Record, UUID, Done]]:
        told: list[tuple[Record, UUID, Done]] = []
        while network.broken < wanted:
            command, again = Record(task, {"report": f"{len(told)}"}), key()
            told.append((command, again, until_told(office, command, again)))
        return told

    with ThreadPoolExecutor(CLIENTS) as people:
        told = list(people.map(work, tasks))
    network.heal()

    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'recorded'") == sum(
        map(len, told)
    )
    for of_one in told:
        assert [done.seq for _, _, done in of_one] == list(range(2, len(of_one) + 2))
        for command, again, done in of_one[-3:]:
            once_more = until_told(office, command, again)
            assert once_more == Done(done.case, done.number, done.seq, repeated=True)
    sound(office)


@pytest.mark.slow
def test_on_a_network_that_is_only_slow_nobody_is_refused(laid: tuple[Office, Network]) -> None:
    office, network = laid
    tasks = [office.task(office.start(), "examine") for _ in range(CLIENTS)]
    network.way, network.losing = 0.05, 0.05

    def record(task: str) -> object:
        return office.ask(Record(task, {"report": "r"}), "anna")

    with ThreadPoolExecutor(CLIENTS) as people:
        answers = list(people.map(record, tasks))
    network.heal()

    assert [type(answer) for answer in answers] == [Done] * CLIENTS
    assert not any(answer.repeated for answer in answers if isinstance(answer, Done))
    sound(office)


@pytest.mark.slow
def test_more_than_a_slow_database_can_do_is_told_to_come_again_and_then_is_done(
    laid: tuple[Office, Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, network = laid
    tasks = [office.task(office.start(), "examine") for _ in range(4 * CONNECTIONS)]
    front = Front.opened(office)
    token, keys = front.token("anna"), [key() for _ in tasks]
    monkeypatch.setattr("kingpost.api.limits._SECONDS_MAX", 1.0)

    def ask(number: int) -> tuple[int, str, str]:
        path, body = f"/tasks/{tasks[number]}/record", {"fields": {"report": "r"}}
        headers = {"Idempotency-Key": str(keys[number])}
        answer = front.call("POST", path, token=token, json=body, headers=headers)
        if answer.status_code == 200:
            return 200, "", ""
        return (*problem(answer)[:2], answer.headers.get("Retry-After", ""))

    network.way = 0.6
    with ThreadPoolExecutor(len(tasks)) as people:
        crowded = list(people.map(ask, range(len(tasks))))
        network.heal()
        began = monotonic()
        answers = list(people.map(ask, range(len(tasks))))
        while any(status != 200 for status, _, _ in answers) and monotonic() - began < 30:
            answers = list(people.map(ask, range(len(tasks))))

    assert {answer for answer in crowded if answer[0] != 200} == {(503, "no-database", "5")}
    assert answers == [(200, "", "")] * len(tasks)
    # Each once, though some were recorded when nobody was told.
    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'recorded'") == len(tasks)
    # No storm: whoever waits for a connection makes none of their own.
    assert network.connections < 4 * len(tasks)
    sound(office)
