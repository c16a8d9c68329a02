"""Two programs at one database, in every order in which their statements can reach it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Thread, current_thread
from typing import Any, Literal

import psycopg
import pytest

# After so long without a word, the database is asked whether a statement waits for a lock.
_PATIENCE_SECONDS = 0.01
_SECONDS_MAX = 30.0

_WAITING = "SELECT pid FROM unnest(%s::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) > 0"


@dataclass
class Side:
    """One of both programs. at: before its next statement, within one, held by a lock, or over."""

    work: Callable[[], object]
    at: Literal["gate", "running", "held", "over"] = "running"
    process: int = 0
    answer: object = None
    thread: Thread = field(init=False)


class Turns:
    """Lets two programs on, statement by statement, as a list of choices says.

    choices: at each moment at which both could go on: 0 for the one that went on last, 1 for the
             other; 0 beyond the end of the list.
    breaks:  how often one may be held back in the middle for the other.
    """

    def __init__(
        self, works: tuple[Callable[[], object], ...], choices: list[int], breaks: int
    ) -> None:
        self.sides = [Side(work) for work in works]
        self.choices = choices
        self.taken: list[int] = []
        self._breaks_left = breaks
        self._last: Side | None = None
        self._may_go: Side | None = None
        self._changed = Condition()
        for side in self.sides:
            side.thread = Thread(target=self._run, args=(side,), daemon=True)

    def play(self, observer: psycopg.Connection[Any]) -> tuple[object, ...]:
        """Return what both answered."""
        for side in self.sides:
            side.thread.start()
        while any(side.at != "over" for side in self.sides):
            self._settle(observer)
            ready = [side for side in self.sides if side.at == "gate"]
            if ready:
                self._let_on(self._chosen(ready))
        return tuple(side.answer for side in self.sides)

    def pass_gate(self, connection: psycopg.Connection[Any]) -> None:
        """Wait for one's turn, when the caller is one of both."""
        side = next((one for one in self.sides if one.thread is current_thread()), None)
        if side is None:
            return
        with self._changed:
            side.process, side.at = connection.info.backend_pid, "gate"
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._may_go is side, _SECONDS_MAX)
            self._may_go = None

    def _run(self, side: Side) -> None:
        try:
            side.answer = side.work()
        except Exception as error:  # noqa: BLE001 - what it came to is what the test looks at
            side.answer = error
        with self._changed:
            side.at = "over"
            self._changed.notify_all()

    def _chosen(self, ready: list[Side]) -> Side:
        last = self._last
        if len(ready) == 1 or (last is not None and self._breaks_left == 0):
            self._last = last if last in ready else ready[0]
            return self._last
        place = len(self.taken)
        choice = self.choices[place] if place < len(self.choices) else 0
        self.taken.append(choice)
        if last is not None:
            self._breaks_left -= choice
        going = last if last in ready else ready[0]
        self._last = going if choice == 0 else next(side for side in ready if side is not going)
        return self._last

    def _let_on(self, side: Side) -> None:
        with self._changed:
            side.at = "running"
            self._may_go = side
            self._changed.notify_all()

    def _settle(self, observer: psycopg.Connection[Any]) -> None:
        """Wait until each is at its gate, over, or held by a lock of the other."""

        def still() -> bool:
            return all(side.at in {"gate", "over"} for side in self.sides)

        for _ in range(round(_SECONDS_MAX / _PATIENCE_SECONDS)):
            with self._changed:
                if self._changed.wait_for(still, _PATIENCE_SECONDS):
                    return
                asked = [one for one in self.sides if one.at in {"running", "held"}]
            pids = [side.process for side in asked]
            waiting = {pid for (pid,) in observer.execute(_WAITING, [pids])}
            with self._changed:
                for side in asked:
                    if side.at in {"running", "held"}:
                        side.at = "held" if side.process in waiting else "running"
                if all(one.at != "running" for one in self.sides) and not self._all_held():
                    return
        raise AssertionError("neither goes on")

    def _all_held(self) -> bool:
        return not any(side.at in {"gate", "over"} for side in self.sides)


@contextmanager
def gated(monkeypatch: pytest.MonkeyPatch) -> Generator[Callable[[Turns | None], None]]:
    """Bring every statement of any connection before the gate of the turns that are set."""
    now: list[Turns | None] = [None]
    wait = psycopg.Connection.wait

    def waiting(self: psycopg.Connection[Any], gen: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as it is
        turns = now[0]
        if turns is not None:
            turns.pass_gate(self)
        return wait(self, gen, *rest, **more)

    def put(turns: Turns | None) -> None:
        now[0] = turns

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Connection, "wait", waiting)
        yield put


def following(taken: list[int]) -> list[int] | None:
    """Return the choices to take next, so that each list comes once; None after the last."""
    while taken and taken[-1] == 1:
        taken = taken[:-1]
    return [*taken[:-1], 1] if taken else None
