"""Repairs as programs ask for them: what they would do, proposed by one, confirmed by another."""

from collections.abc import Iterator
from typing import Any

import pytest

from kingpost.store.pool import Database as Pool
from tests.api.front import Front
from tests.database import Databases
from tests.engine.office import HOLDERS, Office, key
from tests.engine.test_repairs import TEXT


@pytest.fixture(scope="module")
def front(databases: Databases) -> Iterator[Front]:
    with databases.kept() as database, Pool(database.app_url, connections=4) as pool:
        yield Front.opened(Office.opened(pool, {**HOLDERS, "hugo": "head"}, text=TEXT))


def ask(front: Front, path: str, person: str, body: object) -> tuple[int, Any]:
    headers = {"Idempotency-Key": str(key())}
    answer = front.call("POST", path, token=front.token(person), json=body, headers=headers)
    return answer.status_code, answer.json()


def test_a_repair_is_previewed_proposed_and_confirmed(front: Front) -> None:
    case = front.office.start()
    number, task = front.office.case(case).number, front.office.task(case, "examine")
    repairs = f"/cases/{number}/repairs"
    wanted = {"fields": {"amount": "300"}, "task": task, "to": "done", "reason": "on paper"}

    assert ask(front, f"{repairs}/preview", "hedy", wanted) == (
        200,
        {
            "fields": [["amount", "200", "300"]],
            "left": ["examine"],
            "entered": [],
            "state": ["new", "new"],
            "is_closed": False,
        },
    )
    assert front.office.case(case).version == 1
    status, proposed = ask(front, repairs, "hedy", wanted)
    assert (status, proposed["seq"]) == (200, 2)
    confirm = f"{repairs}/{proposed['seq']}/confirm"
    status, told = ask(front, confirm, "hedy", {})
    assert (status, told["detail"]) == (
        403,
        "`hedy` proposed this repair: another person has to confirm it",
    )
    status, done = ask(front, confirm, "leo", {"reason": "seen"})
    assert (status, done["seq"]) == (200, 3)
    assert front.office.steps(case) == {"handling", "suspect"}


def test_what_may_not_be_repaired_is_told(front: Front) -> None:
    number = front.office.case(front.office.start()).number
    wanted = {"fields": {"amount": "300"}, "reason": "why"}
    words = "you may not repair cases of `claim`: `head`, `lead`, `check` may"

    for path in ("repairs", "repairs/preview"):
        status, told = ask(front, f"/cases/{number}/{path}", "anna", wanted)
        assert (status, told["detail"]) == (403, words)
        status, told = ask(front, f"/cases/CLM-0/{path}", "hedy", wanted)
        assert status == 404
    status, told = ask(front, f"/cases/{number}/repairs/1/confirm", "leo", {})
    assert (status, told["type"]) == (409, "urn:kingpost:problem:proposal-gone")
