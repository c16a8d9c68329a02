"""Two programs that serve and two workers over one database: nothing is lost, and nothing twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier

import httpx
import pytest

from kingpost.audit.auditing import audit
from kingpost.cli.commands.serving import free_port
from kingpost.cli.options import HOST
from kingpost.engine import access
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.api.front import clock
from tests.cli.program import running, settings_of, until, wait_until
from tests.database import Database
from tests.engine.office import WITH_A_LADDER, Office, key

DAY = timedelta(days=1)


@dataclass
class Site:
    """A company, the addresses at which it is served, and how somebody signs in."""

    office: Office
    addresses: tuple[str, ...]
    token: str

    def post(self, server: int, path: str, body: object, again: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(again)}
        address = f"{self.addresses[server]}/api/v1{path}"
        return httpx.post(address, json=body, headers=headers, timeout=60)


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    with Pool(database.app_url, connections=4) as pool, ExitStack() as programs:
        office = Office.opened(pool, text=WITH_A_LADDER)
        settings, ports = settings_of(database), list[int]()
        for _ in range(2):
            ports.append(free_port((ports or [23099])[-1] + 1))
            until(
                programs.enter_context(running("serve", "--port", ports[-1], settings=settings)),
                "Serving",
            )
        for _ in range(2):
            until(programs.enter_context(running("worker", settings=settings)), "Working")
        addresses = tuple(f"http://{HOST}:{port}" for port in ports)
        for address in addresses:
            wait_until(lambda address=address: _answers(address))
        token = access.open_session(office.company, person="anna", interface=None, now=clock())
        yield Site(office, addresses, token.token)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/api/v1/health", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def at_both(ask: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """Ask both servers at one moment."""
    together = Barrier(2)

    def one(server: int) -> httpx.Response:
        together.wait()
        return ask(server)

    with ThreadPoolExecutor(2) as people:
        return list(people.map(one, range(2)))


@pytest.mark.slow
def test_two_who_serve_and_two_workers_do_each_thing_once(
    site: Site, size: Callable[[int], int]
) -> None:
    office, count = site.office, size(8)
    body = {"fields": {"report": "fine"}}
    # For the workers, at the same time: warnings that are due, and waits whose time is over.
    late = [office.begun_ago(DAY + timedelta(hours=1)) for _ in range(count)]
    over = [office.paid_long_ago(20) for _ in range(count)]

    for _ in range(count):
        task = office.task(office.start(), "examine")
        answers = at_both(
            lambda server, task=task: site.post(server, f"/tasks/{task}/complete", body, key())
        )
        assert sorted(answer.status_code for answer in answers) == [200, 404]
        lost = max(answers, key=lambda answer: answer.status_code)
        assert "somebody finished it, or it never was" in lost.text

    for _ in range(count):
        task, again = office.task(office.start(), "examine"), key()
        answers = at_both(
            lambda server, task=task, again=again: site.post(
                server, f"/tasks/{task}/complete", body, again
            )
        )
        assert [answer.status_code for answer in answers] == [200, 200]
        told = [answer.json() for answer in answers]
        assert sorted(one.pop("repeated") for one in told) == [False, True]
        assert told[0] == told[1]

    wait_until(lambda: all(office.case(case).is_closed for case in over))
    wait_until(lambda: not office.scalar("SELECT count(*) FROM timer WHERE at <= now()"))
    kinds = "SELECT array_agg(kind ORDER BY seq) FROM event WHERE case_id = %s"
    assert [office.scalar(kinds, case) for case in late] == [["started", "warned"]] * count
    ends = [office.scalar(kinds, case) for case in over]
    assert ends == [["started", "completed", "decided", "decided", "expired"]] * count
    assert office.scalar("SELECT count(*) FROM event WHERE kind = 'completed'") == 3 * count
    assert verify(office.company).faults == ()
    assert list(audit(office.company.database)) == []
