"""What is told many times, late and out of order has one effect, also a month later."""

import asyncio
import logging
import random  # noqa: TID251 - from a seed, so that a failure comes again
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import httpx
import psycopg
import pytest

from kingpost.audit.auditing import audit
from kingpost.decisions.commands import Complete, Start
from kingpost.engine.outside.messages import expire_kept
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from kingpost.worker.pump import BATCH, deliver_once
from tests.api.front import Front
from tests.api.signing import ENVIRONMENT, SIGNED_ORDERS, Delivery, now
from tests.database import Database
from tests.engine.office import Office

AT_ONCE = 8
# One in so many is sent up to a hundred times; the others a few.
PEST = 20


@pytest.fixture
def front(database: Database) -> Iterator[Front]:
    with Pool(database.app_url, connections=AT_ONCE + 2) as pool:
        office = Office.opened(pool, {"anna": "desk"}, text=SIGNED_ORDERS, workflow="order")
        yield Front.opened(office, ENVIRONMENT)


def pack(front: Front, numbers: range) -> None:
    office = front.office
    for number in numbers:
        case = office.do(Start({}), "anna").case
        office.do(Complete(office.task(case, "pack"), {"parcel": f"P-{number}"}), "anna")


@dataclass(frozen=True)
class Attempt:
    """One attempt to tell of a parcel, signed when it is made, and how it must end."""

    number: int
    statuses: frozenset[int]
    note: str = "at the door"
    age_seconds: int = 0
    forged: bool = False

    def made(self) -> Delivery:
        at = now() - self.age_seconds
        told = {"message": "arrived", "value": f"P-{self.number}", "fields": {"note": self.note}}
        made = Delivery.of(f"evt-{self.number}", told, at=at)
        return replace(made, body=made.body + b" ") if self.forged else made


TAKEN, REFUSED, REUSED = (frozenset(each) for each in ({200, 202}, {401}, {422}))


def attempts(events: int, chance: random.Random) -> list[Attempt]:
    """Return all attempts to tell of so many parcels, in any order."""
    found = list[Attempt]()
    for number in range(events):
        copies = chance.randint(1, 100 if number % PEST == 0 else 6)
        # Each has a time and a signature of its own, some late within the window.
        found += [Attempt(number, TAKEN, age_seconds=chance.randint(0, 240)) for _ in range(copies)]
        found.append(Attempt(number, REFUSED, age_seconds=30 * 86_400))
        found.append(Attempt(number, REFUSED, forged=True))
    chance.shuffle(found)
    return found


def send(front: Front, wanted: list[Attempt]) -> Counter[int]:
    """Send them, several at once; each must end as it has to. Return how many ended how."""
    return asyncio.run(_send(front, wanted))


async def _send(front: Front, wanted: list[Attempt]) -> Counter[int]:
    transport = httpx.ASGITransport(front.api, raise_app_exceptions=False)
    left, found = iter(wanted), Counter[int]()

    async def sender(client: httpx.AsyncClient) -> None:
        for attempt in left:
            sent = attempt.made()
            answer = await client.post(
                "/inbound/carrier", content=sent.body, headers=sent.headers, timeout=60
            )
            assert answer.status_code in attempt.statuses, answer.text
            found[answer.status_code] += 1

    async with httpx.AsyncClient(transport=transport, base_url="http://kingpost") as client:
        await asyncio.gather(*(sender(client) for _ in range(AT_ONCE)))
    return found


def delivered(front: Front) -> tuple[object, object, object]:
    """Return the events of deliveries, the cases that have one, and the cases that are over."""
    of = front.office.scalar
    return (
        of("SELECT count(*) FROM event WHERE kind = 'delivered'"),
        of("SELECT count(DISTINCT case_id) FROM event WHERE kind = 'delivered'"),
        of("SELECT count(*) FROM case_file WHERE closed_at IS NOT NULL"),
    )


def test_what_is_told_many_times_and_out_of_order_has_one_effect(
    front: Front,
    size: Callable[[int], int],
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    events = size(24)
    chance = random.Random(18)
    caplog.set_level(logging.WARNING, "kingpost.api.systems.signed")
    # Half of the cases wait already; the messages of the others come early.
    pack(front, range(events // 2))
    wanted = attempts(events, chance)

    ended = send(front, wanted)
    pack(front, range(events // 2, events))
    while deliver_once(front.office.company).done == BATCH:
        pass

    assert ended[200] + ended[202] == len(wanted) - 2 * events
    assert ended[401] == len(caplog.records) == 2 * events
    assert delivered(front) == (events, events, events)

    # A month later; other cases wait for the same values by now, and the ids are told again.
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "UPDATE message SET received_at = received_at - interval '30 days',"
            " delivered_at = delivered_at - interval '30 days'"
        )
    pack(front, range(events))
    again = [Attempt(number, TAKEN) for number in range(events)]
    other = [Attempt(number, REUSED, note="gone") for number in range(events)]
    send(front, again + other)
    expire_kept(front.office.company)
    deliver_once(front.office.company)

    assert delivered(front) == (events, events, events)
    assert verify(front.office.company).faults == ()
    assert tuple(audit(front.office.company.database)) == ()
