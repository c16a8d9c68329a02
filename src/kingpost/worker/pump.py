"""The pump: what is due is done, once, by whichever worker comes first."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from kingpost.engine.calendar import provide_months
from kingpost.engine.company import Company
from kingpost.engine.due import due_waits
from kingpost.engine.perform import Done, expire

_log = logging.getLogger(__name__)

BATCH = 200
PAUSE_SECONDS = 1.0
PAUSE_SECONDS_MAX = 30.0
_MONTHS_EVERY_ROUNDS = 3600


@dataclass(frozen=True, slots=True)
class Pumped:
    """What one round did. left: refused or gone meanwhile, for which nothing was to do."""

    done: int
    left: int


def pump_once(company: Company, batch: int = BATCH) -> Pumped:
    """End the waits whose time is over, up to `batch` of them."""
    done = left = 0
    for task in due_waits(company, batch):
        if isinstance(expire(company, task), Done):
            done += 1
        else:
            left += 1
    return Pumped(done, left)


def run(
    company: Company,
    stop: Event,
    extra: Callable[[], int] | None = None,
    *,
    pause_seconds: float = PAUSE_SECONDS,
) -> None:
    """Pump until `stop` is set. An error is logged and the next round tries again.

    extra:         more to do in each round, such as playing a log on; returns how much it did.
    pause_seconds: between rounds in which there was little to do; doubled after each failure.
    """
    rounds, pause = 0, pause_seconds
    while not stop.is_set():
        busy = 0
        try:
            if rounds % _MONTHS_EVERY_ROUNDS == 0:
                provide_months(company)
            busy = pump_once(company).done + (extra() if extra else 0)
            pause = pause_seconds
        except Exception:  # noqa: BLE001 - whatever it was, the next round comes
            # A worker outlives a database that restarts; what is due stays due.
            _log.exception("a round of the worker failed; trying again")
            pause = min(2 * pause, PAUSE_SECONDS_MAX)
        rounds += 1
        if busy < BATCH:
            stop.wait(pause)
