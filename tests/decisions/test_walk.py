"""A random walk over whole cases: whatever people do, what must always hold holds.

The walk does random commands as random people at random times, in the order of the tests' own
company and in the example's. After each it recomputes, from the kept bytes alone and without the
code that decides, what the case is and whether that was allowed.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kingpost.decisions.case import Case, Clock, Plain, Token
from kingpost.decisions.changes import evolve
from kingpost.decisions.commands import (
    CLOCK,
    Actor,
    Assign,
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
from kingpost.decisions.options import options
from kingpost.decisions.program import Program, compile_model
from kingpost.decisions.sealing import read_change, read_instant, reveal
from kingpost.decisions.transition import Transition
from kingpost.model.model import Model
from kingpost.model.objects import Field, FieldType
from kingpost.model.workflow import Decision, Step, Task, Wait
from kingpost.notation import read_model
from kingpost.proof.chain import check_chain
from tests.decisions.world import CASE, MODEL, MONDAY, SEED

EXAMPLE = Path(__file__).parents[2] / "examples" / "service-desk"
SOMETIMES = {
    FieldType.TEXT: ["seen", "unfinished", "nobody", "dé\u0301jà", ""],
    FieldType.DECIMAL: ["20", "499.99", "501", "x"],
    FieldType.INTEGER: [1, 2],
    FieldType.DATE: ["2026-11-21"],
    FieldType.DATETIME: ["2026-11-21T10:00:00+01:00"],
    FieldType.DURATION: ["PT4H"],
    FieldType.YES_NO: [True, False],
}


def example() -> Model:
    texts = {path.name: path.read_text() for path in EXAMPLE.glob("*.yaml")}
    model = read_model(texts).model
    assert model is not None
    return model


# Conditions of grants in other words than the models', to judge them without the language.
CONDITIONS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "claim.amount <= 500": lambda fields: Decimal(fields["amount"]) <= Decimal(500),
    'incident.impact != "high"': lambda fields: fields.get("impact") != "high",
}


class Walk(RuleBasedStateMachine):
    """One case of the first workflow of a model."""

    model: ClassVar[Model]
    program: ClassVar[Program]

    def __init__(self) -> None:
        super().__init__()
        self.workflow = next(iter(self.program.workflows.values()))
        self.now = MONDAY
        self.case: Case = begin(self.program, self.workflow.workflow.id, CASE, "X-1", self.now)
        self.history: list[Transition] = []
        posts = sorted(self.model.posts)
        self.people = {
            f"p{n}": tuple(
                Holding(post, str(UUID(int=16 * n + m)))
                for m, post in enumerate({posts[n % len(posts)], posts[(n * 3 + 1) % len(posts)]})
            )
            for n in range(len(posts) + 3)
        }

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        form = self.workflow.workflow.begins.form
        for _ in range(3):
            self.attempt_as_anybody(Start(self.fields(data, form)))
        if not self.history:
            whole = {name: self.values_of(self.workflow.fields[name])[0] for name in form}
            assert self.attempt_as_anybody(Start(whole))

    @rule(minutes=st.sampled_from([1, 59, 600, 3000, 20_000]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: bool(self.case.tokens))
    @rule(data=st.data(), person=st.integers(0, 40), vacant=st.booleans())
    def act(self, data: st.DataObject, person: int, vacant: bool) -> None:
        token = self.case.tokens[data.draw(st.sampled_from(sorted(self.case.tokens)))]
        actors = self.actors()
        self.attempt(self.command(data, token), actors[person % len(actors)], vacant=vacant)

    @precondition(lambda self: bool(self.case.tokens))
    @rule(data=st.data())
    def act_as_somebody_who_may(self, data: st.DataObject) -> None:
        tokens = [token for token in self.case.tokens.values() if self.is_open_work(token)]
        token = data.draw(st.sampled_from(sorted(tokens, key=lambda item: item.id)))
        found = [
            command
            for command in self.commands(data, token)
            if not isinstance(command, Record | Assign)
        ]
        first = data.draw(st.integers(0, len(found) - 1))
        any(self.attempt_as_anybody(command) for command in (*found[first:], *found[:first]))

    @precondition(lambda self: self.case.is_closed)
    @rule()
    def act_when_it_is_over(self) -> None:
        left = self.history[-1].gone
        assert not any(self.attempt(Complete(str(task)), self.actors()[0]) for task in left)

    # The walk's own parts.

    def actors(self) -> list[Actor]:
        interfaces = [Actor(interface=name) for name in sorted(self.model.interfaces)]
        return [Actor(name, holdings=held) for name, held in self.people.items()] + [
            *interfaces,
            CLOCK,
        ]

    def attempt_as_anybody(self, command: Command) -> bool:
        return any(self.attempt(command, actor) for actor in self.actors())

    def is_open_work(self, token: Token) -> bool:
        return isinstance(self.workflow.places[token.step].step, Task | Decision | Wait)

    def fields(self, data: st.DataObject, names: tuple[str, ...]) -> dict[str, Plain]:
        whole = data.draw(st.booleans())
        chosen = names if whole or not names else data.draw(st.sets(st.sampled_from(names)))
        values = {name: self.values_of(self.workflow.fields[name]) for name in sorted(chosen)}
        return {
            name: data.draw(st.sampled_from(found[:2] if whole else found))
            for name, found in values.items()
        }

    def values_of(self, field: Field) -> list[Any]:
        if field.type is FieldType.CHOICE:
            return [*field.choices, None]
        return sorted(self.model.posts) if field.type is FieldType.POST else SOMETIMES[field.type]

    def command(self, data: st.DataObject, token: Token) -> Command:
        return data.draw(st.sampled_from(self.commands(data, token)))

    def commands(self, data: st.DataObject, token: Token) -> list[Command]:
        step = self.workflow.places[token.step].step
        fields = self.fields(data, step.records if isinstance(step, Task | Wait) else ())
        found: list[Command] = [Complete(token.id, fields), Record(token.id, fields)]
        found += [Assign(token.id, name) for name in ("p0", None)]
        return found + self.choices(data, token, step, fields)

    def choices(
        self, data: st.DataObject, token: Token, step: Step, fields: dict[str, Plain]
    ) -> list[Command]:
        found: list[Command] = [
            Raise(token.id, item.id, fields, "why") for item in self.workflow.workflow.exceptions
        ]
        if isinstance(step, Decision):
            found += [
                Decide(token.id, item.id, self.fields(data, item.records), "why")
                for item in step.outcomes
            ]
        if isinstance(step, Wait):
            found += [Deliver(token.id, item.message, fields) for item in step.messages]
            found.append(Expire(token.id))
        if token.suspension is not None:
            exception = self.workflow.workflow.exception(token.suspension.exception)
            assert exception is not None
            found += [Resolve(token.id, item.id, fields) for item in exception.endings]
        return found

    def attempt(self, command: Command, actor: Actor, *, vacant: bool = False) -> bool:
        before = self.case
        posts = frozenset(sorted(self.model.posts)[::2]) if vacant else None
        facts = Facts(self.now, self.now, actor, posts, SEED)
        outcome = decide(self.program, before, command, facts)
        assert outcome == decide(self.program, before, command, facts), "it is deterministic"
        if not isinstance(outcome, Transition):
            assert str(outcome)
            return False
        self.recheck(before, command, outcome)
        self.case = outcome.case
        self.history.append(outcome)
        return True

    def recheck(self, before: Case, command: Command, outcome: Transition) -> None:
        """Recompute from the event alone that the decision was allowed."""
        body = reveal(json.loads(outcome.link.body), {i.name: i.value for i in outcome.secrets})
        if isinstance(command, Decide):
            token = before.tokens[command.task]
            step = self.workflow.workflow.step(token.step)
            assert isinstance(step, Decision)
            assert self.is_granted(body["actor"], step, command.outcome)
            condition = CONDITIONS.get(body["actor"].get("grant"))
            if condition is not None:
                assert condition(before.fields)
                assert condition({**before.fields, **command.fields})
            others = {who for name in step.separate_from for who in before.performers.get(name, ())}
            assert body["actor"]["person"] not in others
        for change in outcome.changes:
            self.clock_goes_on(before, getattr(change, "token", ""), getattr(change, "clock", None))

    def is_granted(self, actor: dict[str, Any], step: Decision, outcome: str) -> bool:
        """Tell from the model's own words whether a post has been granted the outcome."""
        rights = {(held.post, held.right) for held in self.people[actor["person"]]}
        if (actor["post"], actor["right"]) not in rights:
            return False
        post = self.model.posts[actor["for"] if actor["via"] == "vacancy" else actor["post"]]
        return step.role in post.roles and any(
            grant.step == step.id and outcome in grant.outcomes and grant.when == actor.get("grant")
            for grant in post.authority
        )

    def clock_goes_on(self, before: Case, token: str, clock: Clock | None) -> None:
        if clock is None or token not in before.tokens:
            return
        was = [before.tokens[token].clock, before.tokens[token].limit]
        assert any(old is not None and clock.consumed_ms >= old.consumed_ms for old in was)
        assert clock.since is None or clock.since <= self.now

    # What always holds.

    @invariant()
    def the_events_give_the_case(self) -> None:
        case = begin(self.program, self.case.workflow, CASE, "X-1", MONDAY)
        for event in self.history:
            secrets = {item.name: item.value for item in event.secrets}
            body = reveal(json.loads(event.link.body), secrets)
            at = read_instant(json.loads(event.link.header)["at"])
            changes = [read_change(change) for change in body["changes"]]
            case = evolve(case, changes, at=at, head=event.link.hash)
        assert case == self.case

    @invariant()
    def the_chain_verifies(self) -> None:
        links = [(event.link.header, event.link.body) for event in self.history]
        if links:
            assert check_chain(links, self.case.head) is None

    @invariant()
    def a_task_has_one_outcome(self) -> None:
        changes = [
            change for event in self.history for change in json.loads(event.link.body)["changes"]
        ]
        entered = Counter(change["token"] for change in changes if change["do"] == "enter")
        left = Counter(change["token"] for change in changes if change["do"] == "leave")
        assert set(entered.values()) | set(left.values()) <= {1}
        assert set(entered) - set(left) == set(self.case.tokens)

    @invariant()
    def an_open_case_has_open_work_and_a_closed_one_has_none(self) -> None:
        kinds = [self.workflow.places[token.step].step for token in self.case.tokens.values()]
        if self.history:
            assert self.case.is_closed != any(isinstance(k, Task | Decision | Wait) for k in kinds)
            assert not self.case.is_closed or not kinds

    @invariant()
    def a_final_state_is_never_left(self) -> None:
        final = {state.id for state in self.workflow.object.states if state.end}
        states = [
            change["state"]
            for event in self.history
            for change in json.loads(event.link.body)["changes"]
            if change["do"] == "state"
        ]
        assert not final & set(states[:-1])
        for one, two in pairwise(states):
            assert self.workflow.object.permits(one, two)

    @invariant()
    def a_suspension_is_at_open_work_and_its_clock_stands(self) -> None:
        for token in self.case.tokens.values():
            if token.suspension is not None:
                exception = self.workflow.workflow.exception(token.suspension.exception)
                assert exception is not None
                assert token.step in exception.steps
                if token.clock is not None:
                    assert (token.clock.since is None) == exception.stops_clocks

    @invariant()
    def what_the_pages_offer_is_what_is_decided(self) -> None:
        for token in self.case.tokens.values():
            step = self.workflow.places[token.step].step
            if not isinstance(step, Decision):
                continue
            for actor in self.actors()[:4]:
                facts = Facts(self.now, self.now, actor, None, SEED)
                for item in options(self.program, self.case, token.id, facts).outcomes:
                    decided = decide(self.program, self.case, Decide(token.id, item.id), facts)
                    if item.refusal is not None:
                        assert decided == item.refusal

    def teardown(self) -> None:
        """Change one byte at some places of the whole chain: each is found."""
        links = [(event.link.header, event.link.body) for event in self.history]
        for seq, pair in enumerate(links):
            for part in (0, 1):
                at = (seq * 31 + part * 17) % len(pair[part])
                edited = bytearray(pair[part])
                edited[at] ^= 1
                mutated = (bytes(edited), pair[1]) if part == 0 else (pair[0], bytes(edited))
                chain = [*links[:seq], mutated, *links[seq + 1 :]]
                assert check_chain(chain, self.case.head) is not None


class HarbourWalk(Walk):
    model = MODEL
    program = compile_model(MODEL)


class ServiceDeskWalk(Walk):
    model = example()
    program = compile_model(model)


WALK = settings(
    stateful_step_count=30,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
TestHarbourWalk = pytest.mark.slow(HarbourWalk.TestCase)
TestHarbourWalk.settings = WALK
TestServiceDeskWalk = pytest.mark.slow(ServiceDeskWalk.TestCase)
TestServiceDeskWalk.settings = WALK


def test_any_single_byte_that_is_changed_is_found() -> None:
    walk = HarbourWalk()
    fields: dict[str, Plain] = {"claimant": "Ines", "amount": "20"}
    assert any(walk.attempt(Start(fields), actor) for actor in walk.actors())
    task = walk.case.at("intake")
    assert task is not None
    assert any(walk.attempt(Complete(task.id), actor) for actor in walk.actors())
    links = [(event.link.header, event.link.body) for event in walk.history]

    for seq, pair in enumerate(links):
        for part in (0, 1):
            for at in range(len(pair[part])):
                edited = bytearray(pair[part])
                edited[at] = (edited[at] + 1) % 256
                halves = [pair[0], pair[1]]
                halves[part] = bytes(edited)
                chain = [*links[:seq], (halves[0], halves[1]), *links[seq + 1 :]]
                assert check_chain(chain, walk.case.head) is not None
