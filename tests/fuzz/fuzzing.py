"""What a fuzz target is, how it is run, and what counts as a fault.

A file in `targets` holds a constant `TARGETS`; that is all it takes to be run by the tests and by
`bench/fuzz.py`. An input is made from the seed and its number, so a fault can be had again.
"""

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251 - the chance of a fuzz run comes back from its seed.
from time import monotonic, process_time
from types import FrameType
from typing import Any, NoReturn, TypeAlias

FOLDER = Path(__file__).with_name("targets")
SIZE_MAX = 100_000
SECONDS_MAX = 1.0
# What takes longer is broken off, and is a fault whatever the machine was busy with.
_BROKEN_OFF_SECONDS = 10.0

Input: TypeAlias = str | bytes


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads what anybody may have written.

    make: an input of at most 100 kB; the same from the same chance.
    feed: read it. Raises for whatever may not happen, such as a refusal that names no place.
    """

    name: str
    make: Callable[[Random], Input]
    feed: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """An input that did what none may do."""

    number: int
    what: str
    given: Input


@dataclass(slots=True)
class Run:
    """What came of one run. seconds: of processor time, of the slowest input."""

    target: str
    count: int = 0
    seconds: float = 0.0
    slowest: int = 0
    faults: list[Fault] = field(default_factory=list[Fault])


class _TookTooLongError(Exception):
    pass


def targets() -> Iterator[Target]:
    """Yield every target that there is."""
    for path in sorted(FOLDER.glob("*.py")):
        yield from import_module(f"tests.fuzz.targets.{path.stem}").TARGETS


def fuzz(target: Target, seconds: float, seed: str, first: int = 0) -> Run:
    """Feed a target for some time. first: the number of the first input."""
    run = Run(target.name)
    end = monotonic() + seconds
    for number in count(first):
        if monotonic() >= end:
            return run
        given = target.make(Random(f"{seed}/{target.name}/{number}"))
        spent, what = _fed(target, given)
        run.count += 1
        if spent > run.seconds:
            run.seconds, run.slowest = spent, number
        if what:
            run.faults.append(Fault(number, what, given))
    raise AssertionError("numbers do not end")


def _fed(target: Target, given: Input) -> tuple[float, str]:
    """Return the processor seconds that one input took, and what it did wrong, if anything."""
    assert len(given if isinstance(given, bytes) else given.encode("utf-8", "replace")) <= SIZE_MAX
    before = signal.signal(signal.SIGVTALRM, _break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, _BROKEN_OFF_SECONDS)
    began = process_time()
    what = ""
    try:
        target.feed(given)
    except _TookTooLongError:
        what = f"takes more than {_BROKEN_OFF_SECONDS:.0f} seconds"
    except Exception as error:  # noqa: BLE001 - whatever escapes is what is looked for.
        what = f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return process_time() - began, what


def _break_off(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _TookTooLongError
