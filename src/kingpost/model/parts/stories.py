"""What scenarios name: a story is linked with what it tells of, as every other element is.

Most readers of the links ask what a model says; stories are put in for those who ask for them.
"""

from collections.abc import Iterable, Iterator
from itertools import chain as joined

from kingpost.model.model import Model
from kingpost.model.parts.expressions import Around
from kingpost.model.parts.links import Link, Links
from kingpost.model.parts.relations import Relation
from kingpost.model.parts.walk import Part
from kingpost.model.scenario import (
    Act,
    Deed,
    Expectation,
    Given,
    Scenario,
    Who,
    chain,
    given_in,
    workflow_in,
)
from kingpost.model.workflow import Wait, Workflow
from kingpost.values.address import address, step_address

AFTER = Relation("is told after", "is told before")
TELLS = Relation("tells of", "is told of in")
LETS_ACT = Relation("lets act", "acts in")
LEAVES_VACANT = Relation("leaves vacant", "is vacant in")
WRITES = Relation("writes or expects", "is written or expected in")


def with_stories(links: Links, model: Model) -> Links:
    """Return the links of a model with those of its scenarios."""
    parts, outward, inward = dict(links.parts), dict(links.outward), dict(links.inward)
    for scenario in model.scenarios.values():
        here = address("scenario", scenario.id)
        parts[here] = Part(here, scenario, "", Around(model, here))
        outward[here] = tuple(dict.fromkeys(_links(model, scenario, here)))
        for link in outward[here]:
            inward[link.target] = (*inward.get(link.target, ()), link)
    return Links(parts, outward, inward)


def workflow_of(model: Model, scenario: Scenario) -> Workflow | None:
    """Return the workflow that a story runs, or None when it cannot be told."""
    told = chain(model.scenarios, scenario)
    named = workflow_in(told)
    if named is not None:
        return model.workflows.get(named)
    item = given_in(told).object
    working = [each for each in model.workflows.values() if each.object == item]
    return working[0] if len(working) == 1 else None


def _links(model: Model, scenario: Scenario, here: str) -> Iterator[Link]:
    if scenario.after is not None:
        yield Link(here, AFTER, address("scenario", scenario.after))
    workflow = workflow_of(model, scenario)
    if workflow is None:
        return
    yield Link(here, TELLS, address("workflow", workflow.id))
    told = _Told(here, workflow)
    yield from told.given(scenario.given)
    for entry in (*scenario.when, *scenario.then):
        match entry:
            case Act():
                yield from told.who(entry.who)
                yield from told.deed(entry)
                yield from told.fields(entry.records)
            case Expectation():
                yield from told.expected(entry)
            case _:
                pass


class _Told:
    """Makes the links of one story about one workflow."""

    def __init__(self, here: str, workflow: Workflow) -> None:
        self.here = here
        self.workflow = workflow

    def given(self, given: Given) -> Iterator[Link]:
        yield from self.fields(given.record)
        yield from self.posts(*joined.from_iterable(given.people.values()))
        for name in given.vacant:
            yield Link(self.here, LEAVES_VACANT, address("post", name))
        for name, decisions in given.used.items():
            yield from self.posts(name)
            yield from self.steps(decisions)
        if given.starter is not None:
            yield from self.who(given.starter)

    def posts(self, *names: str | None) -> Iterator[Link]:
        for name in names:
            if name is not None:
                yield Link(self.here, LETS_ACT, address("post", name))

    def who(self, who: Who) -> Iterator[Link]:
        yield from self.posts(who.post, who.acting_as)
        if who.interface is not None:
            yield Link(self.here, LETS_ACT, address("interface", who.interface))

    def fields(self, names: Iterable[str]) -> Iterator[Link]:
        for name in names:
            yield Link(self.here, WRITES, address("object", self.workflow.object, "field", name))

    def steps(self, names: Iterable[str]) -> Iterator[Link]:
        for name in names:
            yield Link(self.here, TELLS, step_address(self.workflow.id, name))

    def outcome(self, step: str, outcome: str) -> Iterator[Link]:
        yield Link(self.here, TELLS, f"{step_address(self.workflow.id, step)}/outcome/{outcome}")

    def exception(self, *names: str) -> Iterator[Link]:
        """Yield the link to an exception; with a second name to that ending of it."""
        first, *ending = names
        here = address("workflow", self.workflow.id, "exception", first)
        yield Link(self.here, TELLS, here)
        for name in ending:
            yield Link(self.here, TELLS, f"{here}/ending/{name}")

    def deed(self, act: Act) -> Iterator[Link]:
        if act.step is not None:
            yield from self.steps((act.step,))
        match act.deed:
            case Deed.RAISE:
                yield from self.exception(act.name)
            case Deed.RESOLVE:
                yield from self.exception(act.name, act.choice)
            case Deed.DELIVER:
                yield from self._message(act)
            case _:
                yield from self.steps((act.name,))
                if act.deed in {Deed.DECIDE, Deed.OVERRIDE}:
                    yield from self.outcome(act.name, act.choice)

    def _message(self, act: Act) -> Iterator[Link]:
        """Yield the links to the waits that a message may end."""
        for step in self.workflow.all_steps():
            if isinstance(step, Wait) and act.step in {None, step.id}:
                for awaited in step.messages:
                    if awaited.message == act.name:
                        here = step_address(self.workflow.id, step.id)
                        yield Link(self.here, TELLS, f"{here}/message/{act.name}")

    def expected(self, wanted: Expectation) -> Iterator[Link]:
        item = self.workflow.object
        if wanted.state is not None:
            yield Link(self.here, TELLS, address("object", item, "state", wanted.state))
        yield from self.fields((*wanted.record, *wanted.empty))
        yield from self.steps((*(wanted.open or ()), *wanted.overdue, *wanted.due))
        for step, outcome in wanted.decided.items():
            yield from self.outcome(step, outcome)
        for name in wanted.obligations:
            yield Link(self.here, TELLS, address("obligation", name))
        yield from self.steps(wanted.addressed)
        yield from self.posts(*wanted.addressed.values())
        yield from self.steps(wanted.escalated)
        for told in wanted.escalated.values():
            yield from self.posts(*told)
        yield from self.steps(wanted.suspended)
        yield from self.steps(wanted.reviews or ())
        for name in wanted.suspended.values():
            yield from self.exception(name)
