"""The pump: what is due is done, once, by whichever worker comes first."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from threading import Event
from time import monotonic, sleep
from uuid import UUID

from kingpost.decisions.refusals import NotOpen
from kingpost.engine.away import OperationalError
from kingpost.engine.batches.together import perform_together
from kingpost.engine.carrying.applying import carry_on
from kingpost.engine.company import Company
from kingpost.engine.due import claimed, due_notices, due_waits, find_terms, provide_months
from kingpost.engine.outside.cases import do_due
from kingpost.engine.outside.messages import deliver, expire_kept, waited_for
from kingpost.engine.perform import Asked, Done, NoSuchCase, expiry, notice, perform

_log = logging.getLogger(__name__)

BATCH = 200
# Of these the rows are locked until all of them are written: a person waits for no longer.
TOGETHER = 25
# When a whole batch is due, and probably more, people who work beside it come first: after each
# group we wait so many times as long as it took.
GIVE_WAY = 2.0
# However slow the database is, what was claimed is worked off before the claim ends.
GIVE_WAY_SECONDS_MAX = 1.0
PAUSE_SECONDS = 1.0
PAUSE_SECONDS_MAX = 30.0
REST_SECONDS = 60.0
REST_SECONDS_MAX = 3600.0
_SELDOM_ROUNDS = 3600


@dataclass(frozen=True, slots=True)
class Pumped:
    """What one round did. left: refused or gone meanwhile, for which nothing was to do."""

    done: int
    left: int


class Resting:
    """Waits that could not be ended, and messages that could not be delivered, set aside.

    Each rests for ever longer, so that it holds up no other.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """Begin with none. clock: seconds that only grow."""
        self._clock = clock
        self._until: dict[UUID, tuple[float, int]] = {}

    def now(self) -> tuple[UUID, ...]:
        """Return those that rest now."""
        moment = self._clock()
        return tuple(task for task, (until, _) in self._until.items() if until > moment)

    def rest(self, task: UUID, why: object) -> None:
        """Set one aside, and say why."""
        tries = self._until.get(task, (0.0, 0))[1] + 1
        seconds = min(REST_SECONDS * 2 ** (tries - 1), REST_SECONDS_MAX)
        self._until[task] = (self._clock() + seconds, tries)
        _log.warning("%s could not be done (attempt %d): %s", task, tries, why)

    def forget(self, task: UUID) -> None:
        """Know nothing more of one at which it was done."""
        self._until.pop(task, None)


def pump_once(
    company: Company,
    batch: int = BATCH,
    resting: Resting | None = None,
    give_way: Callable[[float], object] = sleep,
) -> Pumped:
    """End the waits whose time is over, and give the notices that are due, up to `batch` of each.

    Both in turns, so that neither holds up the other, and only what no other worker has claimed.

    resting:  those that failed before; one that fails now is put there.
    give_way: lets others work for so many seconds, after each group of what is due when that is
              much.
    Raises:   OperationalError, when the database cannot be reached.
    """
    resting = resting or Resting()
    waits = due_waits(company, batch, without=resting.now())
    notices = due_notices(company, batch, without=resting.now())
    ends = [(task, expiry(task, case)) for task, case in waits]
    tells = [(item.task, notice(item)) for item in notices]
    turns = zip_longest(ends, tells)
    acts = [act for pair in turns for act in pair if act is not None]
    if not acts:
        return Pumped(0, 0)
    is_flood = len(acts) >= batch
    with claimed(company, (task for task, _ in acts)) as mine:
        acts = [act for act in acts if act[0] in mine]
        return _all(company, acts, resting, give_way if is_flood else None)


def _all(
    company: Company,
    acts: Sequence[tuple[UUID, Asked]],
    resting: Resting,
    give_way: Callable[[float], object] | None,
) -> Pumped:
    """Do some together, and by itself what was not done so; give way after each group."""
    done = left = 0
    for some in (acts[at : at + TOGETHER] for at in range(0, len(acts), TOGETHER)):
        began = monotonic()
        together = perform_together(company, [asked for _, asked in some])
        for task, asked in some:
            if asked.key in together or _one(company, task, asked, resting):
                resting.forget(task)
                done += 1
            else:
                left += 1
        if give_way is not None:
            give_way(min(GIVE_WAY * (monotonic() - began), GIVE_WAY_SECONDS_MAX))
    return Pumped(done, left)


def _one(company: Company, task: UUID, asked: Asked, resting: Resting) -> bool:
    try:
        outcome = perform(company, asked)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
        resting.rest(task, repr(error))
        return False
    if isinstance(outcome, Done):
        return True
    # Gone meanwhile, or refused: a rule of the model stands against it.
    if not isinstance(outcome, NoSuchCase | NotOpen):
        resting.rest(task, outcome)
    return False


def deliver_once(company: Company, batch: int = BATCH, resting: Resting | None = None) -> Pumped:
    """Deliver kept messages that are waited for now, up to `batch` of them.

    resting: those that failed before; one that fails now is put there. Raises: OperationalError.
    """
    resting = resting or Resting()
    done = left = 0
    for kept in waited_for(company, batch, without=resting.now()):
        try:
            why = deliver(company, kept)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - one that fails must not hold up the others
            why = repr(error)
        if why:
            resting.rest(kept.id, why)
            left += 1
        else:
            resting.forget(kept.id)
            done += 1
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
    rounds, pause, resting = 0, pause_seconds, Resting()
    while not stop.is_set():
        busy = 0
        try:
            if rounds % _SELDOM_ROUNDS == 0:
                provide_months(company)
                find_terms(company)
                expire_kept(company)
            busy = pump_once(company, resting=resting, give_way=stop.wait).done
            busy += do_due(company, BATCH)
            busy += deliver_once(company, resting=resting).done
            busy += carry_on(company, BATCH)
            busy += extra() if extra else 0
            pause = pause_seconds
        except Exception:  # noqa: BLE001 - whatever it was, the next round comes
            # A worker outlives a database that restarts; what is due stays due.
            _log.exception("a round of the worker failed; trying again")
            pause = min(2 * pause, PAUSE_SECONDS_MAX)
        rounds += 1
        if busy < BATCH:
            stop.wait(pause)
