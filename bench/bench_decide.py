"""How long one decision takes, sealing included: microseconds a command on the service desk."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID

from kingpost.decisions.case import Case
from kingpost.decisions.commands import (
    Actor,
    Command,
    Complete,
    Decide,
    Facts,
    Holding,
    Record,
    Start,
)
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.options import options
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.transition import Transition
from kingpost.notation import read_model

EXAMPLE = Path(__file__).parents[1] / "examples" / "service-desk"
ROUNDS, REPEATS = 200, 15
GOAL_US = 150
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
RIGHT = str(UUID(int=7))


def facts(*posts: str) -> Facts:
    """Return the facts of somebody who holds posts."""
    holdings = tuple(Holding(post, RIGHT) for post in posts)
    now = NOW + timedelta(hours=1)
    return Facts(now, now, Actor("anna", holdings=holdings), seed=bytes(32))


def service_desk() -> Program:
    """Return the example, ready to decide."""
    texts = {path.name: path.read_text() for path in EXAMPLE.glob("*.yaml")}
    model = read_model(texts).model
    assert model is not None, "the example reads"
    return compile_model(model)


def microseconds(work: Callable[[], object]) -> float:
    """Return the mean time of one call, in the quietest of the repeats."""
    found: list[float] = []
    for _ in range(REPEATS):
        begun = perf_counter()
        for _ in range(ROUNDS):
            work()
        found.append((perf_counter() - begun) / ROUNDS * 1e6)
    return min(found)


def after(program: Program, case: Case, command: Command, given: Facts) -> Case:
    """Return the case after a command that must not be refused."""
    outcome = decide(program, case, command, given)
    assert isinstance(outcome, Transition), str(outcome)
    return outcome.case


def main() -> None:
    """Measure, print, and fail when a completion takes more than twice its goal."""
    program = service_desk()
    new = begin(program, "incident", UUID(int=1), "INC-1", NOW)
    form = {"caller": "Ines", "impact": "medium", "urgency": "low", "assignment-group": "group-70"}
    start = Start(form)
    case = after(program, new, start, facts("group-70"))
    ids = {token.step: token.id for token in case.tokens.values()}
    triage = Complete(ids["triage"], {"category": "network"})
    working = after(program, case, triage, facts("group-70"))
    work = Complete(
        next(token.id for token in working.tokens.values() if token.step == "work"),
        {"closing-code": "replaced"},
    )
    record = Record(ids["triage"], {"category": "network"})
    confirm = Decide(ids["confirm-priority"], "confirm")
    reviewer = facts(next(token.post or "" for token in case.tokens.values() if token.post))
    assert isinstance(decide(program, case, confirm, reviewer), Transition), "it may be decided"
    nobody = facts()
    table: list[tuple[str, Callable[[], object]]] = [
        ("start", lambda: decide(program, new, start, facts("group-70"))),
        ("complete, to the next task", lambda: decide(program, case, triage, facts("group-70"))),
        ("complete, joining branches", lambda: decide(program, working, work, facts("group-70"))),
        ("decide", lambda: decide(program, case, confirm, reviewer)),
        ("record", lambda: decide(program, case, record, facts("group-70"))),
        ("refused", lambda: decide(program, case, confirm, nobody)),
        ("options of a decision", lambda: options(program, case, confirm.task, reviewer)),
    ]
    worst = 0.0
    for name, command in table:
        took = microseconds(command)
        worst = max(worst, took if name.startswith("complete") else 0.0)
        print(f"{name:28} {took:8.0f} us")
    print(f"{'goal for a complete':28} {GOAL_US:8} us")
    sys.exit(worst > 2 * GOAL_US)


if __name__ == "__main__":
    main()
