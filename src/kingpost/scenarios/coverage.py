"""How much of a model its scenarios come by: steps, choices, ways, exceptions and rule rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kingpost.model.model import Model
from kingpost.model.ruling.trying import rows_of_tests
from kingpost.model.workflow import Call, Decision, Exceptional, Route, Run, Task, Wait, Workflow
from kingpost.scenarios.reaching import (
    answer_address,
    ending_address,
    exception_address,
    failure_address,
    limit_address,
    message_address,
    outcome_address,
    over_address,
    override_address,
    row_address,
    way_address,
)
from kingpost.scenarios.running import Result
from kingpost.values.address import address, step_address

KINDS = (
    "step", "outcome", "override", "message", "limit", "answer", "failure", "way", "exception",
    "ending", "rule row",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Covered:
    """One part of the model, and the scenarios that come by it.

    kind:  one of KINDS. owner: address of the workflow or rule. title: for people.
    by:    ids of the scenarios that passed and came by it; of a row also the tests of rules that
           it answers, such as `rule/price/test/2`.
    """

    kind: str
    address: str
    owner: str
    title: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many parts of one kind are covered. owner: address of the workflow or rule."""

    owner: str
    kind: str
    covered: int
    of: int

    @property
    def percent(self) -> int:
        """Return the share in whole percent, rounded down: 100 means all."""
        return 100 * self.covered // self.of


def shares(covered: Iterable[Covered]) -> tuple[Share, ...]:
    """Return the table: a share for each kind of part of each workflow and rule."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for part in covered:
        key = (part.owner, part.kind)
        done, of = counts.get(key, (0, 0))
        counts[key] = (done + bool(part.by), of + 1)
    order = {kind: place for place, kind in enumerate(KINDS)}
    ordered = sorted(counts, key=lambda key: (key[0].startswith("rule/"), key[0], order[key[1]]))
    return tuple(Share(*key, *counts[key]) for key in ordered)


def coverage(model: Model, results: Iterable[Result]) -> tuple[Covered, ...]:
    """Return every part of a checked model that a scenario can come by, with those that did.

    A scenario that failed covers nothing: nobody knows that what it came by is as it should be. The
    tests of rules have passed, since the check refuses a model in which one fails.
    """
    by: dict[str, list[str]] = {}
    for result in results:
        if result.passed:
            for part in sorted(result.reached):
                by.setdefault(part, []).append(result.scenario.id)
    for tested, number, rule, row in rows_of_tests(model):
        by.setdefault(row_address(rule, row), []).append(
            address("rule", tested, "test", str(number))
        )
    return tuple(
        Covered(part.kind, part.address, part.owner, part.title, tuple(by.get(part.address, ())))
        for part in parts(model)
    )


def parts(model: Model) -> Iterator[Covered]:
    """Yield every part of a model that a scenario can come by, covered by none."""
    for name in sorted(model.workflows):
        yield from _of_workflow(model.workflows[name])
    for name in sorted(model.rules):
        rule = model.rules[name]
        for row in range(1, len(rule.rows) + 1):
            title = f"row {row} of {rule.title}"
            yield Covered("rule row", row_address(name, row), f"rule/{name}", title)


def _of_workflow(workflow: Workflow) -> Iterator[Covered]:
    owner, flow = f"workflow/{workflow.id}", workflow.id
    for step in workflow.all_steps():
        yield Covered("step", step_address(flow, step.id), owner, step.title)
        yield from _ways(flow, step.id, step.then, step.title)
        if isinstance(step, Decision):
            for outcome in step.outcomes:
                at = outcome_address(flow, step.id, outcome.id)
                title = f"{step.title}: {outcome.title}"
                yield Covered("outcome", at, owner, title)
                yield from _ways(flow, f"{step.id}/{outcome.id}", outcome.then, title)
            if step.override is not None:
                at, title = override_address(flow, step.id), f"{step.title}: an override"
                yield Covered("override", at, owner, title)
        if isinstance(step, Wait):
            yield from _of_wait(flow, step)
        if isinstance(step, Call | Run):
            yield from _of_others(flow, step)
    for exception in workflow.exceptions:
        yield from _of_exception(flow, exception)


def _of_exception(flow: str, exception: Exceptional) -> Iterator[Covered]:
    owner = f"workflow/{flow}"
    at = exception_address(flow, exception.id)
    yield Covered("exception", at, owner, exception.title)
    for ending in exception.endings:
        at = ending_address(flow, exception.id, ending.id)
        yield Covered("ending", at, owner, f"{exception.title}: {ending.title}")
    if exception.errand is not None:
        at, over = over_address(flow, exception.id), exception.errand
        title = over.title if isinstance(over, Task) else "its time is over"
        yield Covered("ending", at, owner, f"{exception.title}: {title}")


def _of_others(flow: str, step: Call | Run) -> Iterator[Covered]:
    """Yield what comes of asking another system, or of beginning other cases."""
    titles = ("an answer", "no answer")
    if isinstance(step, Run):
        titles = ("a case reports back", "a case cannot begin")
    addresses = (answer_address(flow, step.id), failure_address(flow, step.id))
    for kind, at, title in zip(("answer", "failure"), addresses, titles, strict=True):
        yield Covered(kind, at, f"workflow/{flow}", f"{step.title}: {title}")


def _of_wait(flow: str, step: Wait) -> Iterator[Covered]:
    owner = f"workflow/{flow}"
    for awaited in step.messages:
        at = message_address(flow, step.id, awaited.message)
        title = f"{step.title}: {awaited.title}"
        yield Covered("message", at, owner, title)
        yield from _ways(flow, f"{step.id}/{awaited.message}", awaited.then, title)
    if step.may_end_alone:
        title = f"{step.title}: the limit of {step.limit or step.until}"
        yield Covered("limit", limit_address(flow, step.id), owner, title)


def _ways(flow: str, key: str, routes: tuple[Route, ...], title: str) -> Iterator[Covered]:
    """Yield the ways on where there is a choice; a single one is as covered as its step."""
    if len(routes) > 1:
        for index, route in enumerate(routes):
            condition = route.when or "else"
            at = way_address(flow, key, index)
            yield Covered("way", at, f"workflow/{flow}", f"{title}: {condition} → {route.go}")
