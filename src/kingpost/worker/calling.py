"""Calls that are due: each made by a thread of its own, so that no system holds up another."""

import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from threading import Lock, Thread

from kingpost.engine.company import Company
from kingpost.engine.outside import calls
from kingpost.engine.outside.calls import Job
from kingpost.worker.asking import Trouble, ask
from kingpost.worker.systems import UnreachableError, system_in

_log = logging.getLogger(__name__)

# A system that hangs holds so many threads at most, and leaves the others to the rest.
PER_INTERFACE = 4
AT_ONCE = 24
_PARTS = 1000
# Those of one round that fail without being asked; what else is due waits that long for them.
_HELD_AT_ONCE = 200
_LOST = "each attempt ended without a result, as if it had killed its worker"


class Caller:
    """Makes the calls that are due. environment: with the addresses and the secrets."""

    def __init__(self, company: Company, environment: Mapping[str, str]) -> None:
        """Begin with none under way."""
        self._company = company
        self._environment = environment
        self._under_way = Counter[str]()
        self._threads = list[Thread]()
        self._lock = Lock()

    def round(self) -> int:
        """Begin the calls that are due, as far as there is room; return how many.

        Those that their system's circuit holds back for too long fail, and count as well.
        """
        begun = 0
        for interface in calls.due_interfaces(self._company):
            free = self._free(interface)
            for job in calls.claim(self._company, interface, free) if free > 0 else ():
                self._begin(job)
                begun += 1
        return begun + calls.fail_held(self._company, _HELD_AT_ONCE)

    def settle(self) -> None:
        """Wait until what is under way has ended."""
        for thread in self._living():
            thread.join()

    def _free(self, interface: str) -> int:
        with self._lock:
            left = AT_ONCE - self._under_way.total()
            return min(PER_INTERFACE - self._under_way[interface], left)

    def _living(self) -> list[Thread]:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        return self._threads

    def _begin(self, job: Job) -> None:
        with self._lock:
            self._under_way[job.claimed.interface] += 1
        # A daemon: a worker that is stopped leaves it, and its lease lets another try again.
        thread = Thread(target=self._make, args=(job,), daemon=True)
        self._living().append(thread)
        thread.start()

    def _make(self, job: Job) -> None:
        try:
            make(self._company, job, self._environment)
        except Exception:  # noqa: BLE001 - whatever it was, no other call may suffer from it
            # Its lease runs out, and it is tried again.
            _log.exception("an attempt of call %s broke off", job.claimed.id)
        finally:
            with self._lock:
                self._under_way[job.claimed.interface] -= 1


def make(company: Company, job: Job, environment: Mapping[str, str]) -> None:
    """Make one attempt of a call, and take what came of it."""
    claimed, contract = job.claimed, job.contract
    if job.is_used_up:
        # Attempts are counted when they begin, so what kills its worker ends as well.
        calls.failed(company, job, claimed.cause or _LOST, unwell=False)
        return
    try:
        system = system_in(environment, claimed.interface)
    except UnreachableError as error:
        calls.failed(company, job, str(error), unwell=False)
        return
    found = ask(
        system,
        claimed.request,
        str(claimed.id),
        contract.limit_seconds,
        wanted=bool(contract.receive),
    )
    if not isinstance(found, Trouble):
        refusal = calls.answered(company, job, found)
        if refusal is not None:
            calls.failed(company, job, str(refusal), unwell=False)
    elif found.lasting or job.is_last:
        calls.failed(company, job, found.cause, unwell=found.unwell)
    else:
        # Chance spreads the attempts of many calls out.
        chance = secrets.randbelow(_PARTS) / _PARTS
        pause = contract.retrying.pause(claimed.attempts, chance)
        calls.put_off(company, job, found.cause, pause)
