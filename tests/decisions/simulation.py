"""The pure core under a scheduler: many cases at once, people who race, answers that get lost.

One seed decides what happens, when, and what goes wrong. Memory stands for the database and takes
what `record` would take: one transition after each version, one effect of each key.
"""

import json
import random  # noqa: TID251 - with a seed: that is the point
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kingpost.decisions.case import Case, Plain, Token
from kingpost.decisions.changes import evolve
from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Command,
    Complete,
    Decide,
    Deliver,
    Expire,
    Facts,
    Holding,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.decisions.decide import begin, decide
from kingpost.decisions.program import compile_model
from kingpost.decisions.sealing import read_change, read_instant, reveal
from kingpost.decisions.transition import Transition
from kingpost.model.workflow import Decision, Task, Wait
from kingpost.proof.canonical import digest
from tests.decisions.world import MODEL, MONDAY

CASES_MAX = 8
PROGRAM = compile_model(MODEL)
FLOW = PROGRAM.workflows["claim"]
VALUES: Mapping[str, tuple[Plain, ...]] = {
    "claimant": ("Ines", "Rui"),
    "amount": ("20", "499.99", "501", "2000"),
    "level": ("low", "high", None),
    "group": ("group-a",),
    "note": ("seen", "déjà"),
    "report": ("fine", "unfinished"),
    "urgent": (True, False),
    "pages": (1, 2),
}


@dataclass(frozen=True)
class Event:
    """What is kept of an event. secrets: the personal values, by name."""

    header: str
    body: str
    secrets: Mapping[str, Any]


@dataclass
class Kept:
    """A case as the database keeps it: its row, its chain, and the keys of its commands."""

    first: Case
    case: Case
    events: list[Event] = field(default_factory=list[Event])
    keys: set[int] = field(default_factory=set[int])


@dataclass(frozen=True)
class Asked:
    """A command on its way: decided at one moment, recorded at another."""

    key: int
    kept: Kept
    decided: Transition


class Simulation:
    """What happens by a seed. counts: how often each thing happened, so that none never does."""

    def __init__(self, seed: int) -> None:
        """Begin without cases."""
        self.chance = random.Random(seed)
        self.now = MONDAY
        self.kept: list[Kept] = []
        self.flying: list[Asked] = []
        self.counts: dict[str, int] = {}
        posts = sorted(MODEL.posts)
        self.actors = [
            Actor(f"p{n}", holdings=(Holding(post, str(UUID(int=n + 1))),))
            for n, post in enumerate(posts * 2)
        ]
        self.actors += [Actor(interface=name) for name in sorted(MODEL.interfaces)]
        self.actors.append(CLOCK)

    def run(self, steps: int) -> str:
        """Go so many steps; return a digest of every byte that was recorded."""
        acts: list[Callable[[], None]] = [self.ask] * 12 + [self.arrive] * 12
        acts += [self.wait, self.wait, self.set_clock_back, self.lose_answer, self.die, self.begin]
        for _ in range(steps):
            self.chance.choice(acts)()
        events = (event for kept in self.kept for event in kept.events)
        return digest("".join(event.header + event.body for event in events).encode())

    def begin(self) -> None:
        if len(self.kept) == CASES_MAX:
            return
        case_id = UUID(bytes=self.chance.randbytes(16), version=4)
        case = begin(PROGRAM, "claim", case_id, f"CLM-{len(self.kept) + 1}", self.now)
        kept = Kept(case, case)
        fields = {name: self.chance.choice(VALUES[name]) for name in FLOW.workflow.begins.form}
        if any(self.decide(kept, Start(fields), actor) for actor in self.actors):
            self.kept.append(kept)
            self.record(self.flying.pop())

    def ask(self) -> None:
        """Let somebody ask for something: mostly what somebody may."""
        live = [kept for kept in self.kept if kept.case.tokens]
        if not live:
            return
        kept = self.chance.choice(live)
        token = kept.case.tokens[self.chance.choice(sorted(kept.case.tokens))]
        command = self.chance.choice(self.commands(token))
        first = self.chance.randrange(len(self.actors))
        for actor in (*self.actors[first:], *self.actors[:first]):
            if self.decide(kept, command, actor):
                return
        self.note("refused")

    def decide(self, kept: Kept, command: Command, actor: Actor) -> bool:
        happens = max(self.now, kept.case.latest)
        vacant = self.chance.choice((None, frozenset({"group-a"})))
        facts = Facts(happens, self.now, actor, vacant, self.chance.randbytes(32))
        outcome = decide(PROGRAM, kept.case, command, facts)
        if isinstance(outcome, Transition):
            self.flying.append(Asked(self.chance.getrandbits(64), kept, outcome))
        return isinstance(outcome, Transition)

    def arrive(self) -> None:
        if self.flying:
            self.record(self.flying.pop(self.chance.randrange(len(self.flying))))

    def lose_answer(self) -> None:
        """Record, and be asked again by who was not told."""
        if self.flying:
            asked = self.flying[self.chance.randrange(len(self.flying))]
            self.record(asked)
            self.record(asked)

    def die(self) -> None:
        """Lose everything that is on its way."""
        self.note("died" if self.flying else "died idle")
        self.flying.clear()

    def wait(self) -> None:
        self.now += timedelta(minutes=self.chance.choice((1, 59, 600, 3000, 20_000)))

    def set_clock_back(self) -> None:
        self.now -= timedelta(minutes=self.chance.choice((1, 59, 600)))
        self.note("set back")

    def record(self, asked: Asked) -> None:
        """Do as the function `record` of the database does."""
        kept, decided = asked.kept, asked.decided
        if asked.key in kept.keys:
            self.note("known")
        elif decided.case.version != kept.case.version + 1:
            self.note("stale")
        else:
            secrets = {item.name: item.value for item in decided.secrets}
            link = decided.link
            kept.events.append(Event(link.header.decode(), link.body.decode(), secrets))
            kept.keys.add(asked.key)
            kept.case = decided.case
            self.note("recorded")
            self.note(json.loads(link.header)["kind"])

    def note(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def commands(self, token: Token) -> list[Command]:
        step = FLOW.places[token.step].step
        names = step.records if isinstance(step, Task | Wait) else ()
        fields = {name: self.chance.choice(VALUES[name]) for name in names if name in VALUES}
        if token.suspension is not None:
            exception = FLOW.workflow.exception(token.suspension.exception)
            assert exception is not None
            return [Resolve(token.id, item.id, fields) for item in exception.endings]
        found: list[Command] = [Complete(token.id, fields)] * 3
        found.append(Record(token.id, fields))
        found += [Raise(token.id, each.id, {}, "why") for each in FLOW.workflow.exceptions]
        if isinstance(step, Decision):
            for item in step.outcomes:
                given = {name: self.chance.choice(VALUES[name]) for name in item.records}
                found += [Decide(token.id, item.id, given, "why")] * 2
        if isinstance(step, Wait):
            found += [Deliver(token.id, item.message, fields) for item in step.messages]
            found += [Expire(token.id)] * 6
        return found


def folded(first: Case, events: list[Event]) -> Case:
    """Return what the events make of a case, without deciding anything."""
    case = first
    for event in events:
        body = reveal(json.loads(event.body), dict(event.secrets))
        at: datetime = read_instant(json.loads(event.header)["at"])
        changes = [read_change(change) for change in body["changes"]]
        case = evolve(case, changes, at=at, head=digest(event.header.encode()))
    return case
