"""Scenarios: every name in a story must be one of the model, and every act must fit its step."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kingpost.checks.finding import Where, error, listed, of
from kingpost.checks.references import Reference, misnamed
from kingpost.checks.story_calls import check_answers, check_ends
from kingpost.checks.values import check_values
from kingpost.checks.workflows.allowances import check_uses
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, Field, FieldType
from kingpost.model.parts.stories import workflow_of
from kingpost.model.scenario import (
    Act,
    Deed,
    Entry,
    Expectation,
    Given,
    Scenario,
    Who,
    Written,
    chain,
    given_in,
)
from kingpost.model.workflow import (
    BUILT_IN,
    Call,
    Decision,
    Exceptional,
    Run,
    Step,
    Task,
    Wait,
    Workflow,
)
from kingpost.values.diagnostic import Diagnostic

# What each deed is done at, for the deeds that name a step.
_DONE_AT: Mapping[Deed, tuple[type[Step], ...]] = MappingProxyType(
    {
        Deed.COMPLETE: (Task,),
        Deed.DECIDE: (Decision,),
        Deed.OVERRIDE: (Decision,),
        Deed.CONFIRM: (Decision,),
        Deed.DECLINE: (Decision,),
        Deed.REVIEW: (Decision,),
        Deed.RECORD: (Task, Wait),
        Deed.TAKE: (Task, Decision),
    }
)
_CALLED: Mapping[type[Step], str] = MappingProxyType(
    {Task: "a task", Decision: "a decision", Wait: "a wait"}
)


def check_scenarios(model: Model) -> Iterator[Diagnostic]:
    """Find scenarios that name what is not declared, or do what cannot be done."""
    for scenario in model.scenarios.values():
        here = of("scenario", scenario.id)
        if scenario.after is not None and scenario.after not in model.scenarios:
            at = here.at("after")
            yield misnamed(model, Reference("scenario", scenario.after, model.scenarios, at))
            continue
        told = chain(model.scenarios, scenario)
        if told[0].after is not None:
            yield from _in_circle(model, scenario, told, here)
            continue
        workflow = workflow_of(model, scenario)
        if workflow is None:
            yield from _without_workflow(model, told, here)
            continue
        story = _Story(model, scenario, given_in(told), workflow)
        yield from story.findings(here)


def _in_circle(
    model: Model, scenario: Scenario, told: tuple[Scenario, ...], here: Where
) -> Iterator[Diagnostic]:
    """Find a circle, told once: by the first in it; whoever only leads there says nothing."""
    after = told[0].after
    circle = [item.id for item in told]
    if after in model.scenarios and scenario.id == after and scenario.id == min(circle):
        message = f"{listed(circle)} are told after each other in a circle"
        alone = f"`{scenario.id}` is told after itself"
        advice = "Let one of them begin with a record of its own."
        words = message if len(circle) > 1 else alone
        yield error(model, "KP1009", here.at("after"), words, advice)


def _without_workflow(
    model: Model, told: tuple[Scenario, ...], here: Where
) -> Iterator[Diagnostic]:
    """Find why the workflow cannot be told; a story told after another leaves that to it."""
    scenario = told[-1]
    if scenario.workflow is not None:
        at = here.at("workflow")
        yield misnamed(model, Reference("workflow", scenario.workflow, model.workflows, at))
        return
    if len(told) > 1:
        return
    name = scenario.given.object
    at = here.at("given", name)
    if name not in model.objects:
        yield misnamed(model, Reference("object", name, model.objects, at))
        return
    working = [each.id for each in model.workflows.values() if each.object == name]
    how_many = f"{len(working)} workflows work" if working else "no workflow works"
    message = f"`{scenario.id}` does not say its workflow, and {how_many} on `{name}`"
    advice = f"Add `workflow`: {listed(working, 'or')}." if working else "Give another record."
    yield error(model, "KP1005", at, message, advice)


@dataclass(frozen=True, slots=True)
class _Story:
    """A scenario beside the workflow that it runs. whole: given, with what comes before it."""

    model: Model
    scenario: Scenario
    whole: Given
    workflow: Workflow

    def findings(self, here: Where) -> Iterator[Diagnostic]:
        given = self.scenario.given
        if given.object and given.object != self.workflow.object:
            message = f"`{self.workflow.id}` works on `{self.workflow.object}`"
            advice = f"Give the record as `{self.workflow.object}`."
            yield error(self.model, "KP1006", here.at("given", given.object), message, advice)
            return
        for reference in self._references(here):
            if reference.name not in reference.known:
                yield misnamed(self.model, reference)
        if self._object is not None:
            yield from check_values(self.model, self._object, self.scenario)
        yield from self._vacancies(here.at("given"))
        yield from check_answers(self.model, self.workflow, given, here.at("given"))
        yield from check_ends(self.model, self.workflow, given, here.at("given"))
        yield from check_uses(self.model, self.workflow, given, here.at("given", "used"))
        for index, entry in enumerate(self.scenario.when):
            yield from self._misfits(entry, here.at("when", index))
        for index, expected in enumerate(self.scenario.then):
            yield from self._undecided(expected, here.at("then", index))

    def _vacancies(self, at: Where) -> Iterator[Diagnostic]:
        """Find posts that are vacant and held, where this story says the one or the other."""
        own = self.scenario.given
        key = "vacant" if own.vacant else "people"
        for person, posts in self.whole.people.items() if own.vacant or own.people else ():
            for post in posts:
                if post in self.whole.vacant:
                    message = f"`{post}` is vacant, and `{person}` holds it"
                    yield error(self.model, "KP1010", at.at(key), message, "Leave one of them out.")

    # Kinds

    def _misfits(self, entry: Entry, here: Where) -> Iterator[Diagnostic]:
        if isinstance(entry, Expectation):
            yield from self._undecided(entry, here.at("expect"))
        elif isinstance(entry, Act) and entry.deed in _DONE_AT:
            step, kinds = self.workflow.work(entry.name), _DONE_AT[entry.deed]
            if step is not None and not isinstance(step, kinds):
                wanted = " or ".join(_CALLED[kind] for kind in kinds)
                message = f"`{step.id}` is not {wanted}, which `{entry.deed.value}` asks for"
                at = here.at(entry.deed.value)
                yield error(self.model, "KP1007", at, message, _advice(step))

    def _undecided(self, wanted: Expectation, here: Where) -> Iterator[Diagnostic]:
        for name in wanted.decided:
            step = self.workflow.work(name)
            if step is not None and not isinstance(step, Decision):
                message = f"`{name}` is not a decision, which `decided` asks for"
                advice = "Name a decision of the workflow."
                yield error(self.model, "KP1007", here.at("decided", name), message, advice)

    # Names

    def _references(self, here: Where) -> Iterator[Reference]:
        given, at = self.scenario.given, here.at("given")
        yield from self._record(given.record, at.at(given.object))
        if given.starter is not None:
            yield from self._who(given.starter, at)
        for person, posts in given.people.items():
            yield from self._posts(posts, at.at("people", person))
        yield from self._posts(given.vacant, at.at("vacant"))
        for post in given.used:
            yield Reference("post", post, self.model.posts, at.at("used", post))
        for index, entry in enumerate(self.scenario.when):
            yield from self._entry(entry, here.at("when", index))
        for index, expected in enumerate(self.scenario.then):
            yield from self._expected(expected, here.at("then", index))

    def _entry(self, entry: Entry, here: Where) -> Iterator[Reference]:
        match entry:
            case Act():
                yield from self._who(entry.who, here)
                yield from self._deed(entry, here)
                yield from self._record(entry.records, here.at("records"))
            case Expectation():
                yield from self._expected(entry, here.at("expect"))
            case _:
                pass

    def _who(self, who: Who, here: Where) -> Iterator[Reference]:
        posts, people = self.model.posts, self.whole.people
        named: tuple[tuple[str, str | None, Collection[str], str], ...] = (
            ("post", who.post, posts, "post"),
            ("post", who.acting_as, posts, "as"),
            ("interface", who.interface, self.model.interfaces, "interface"),
            ("person", who.person, people, "person"),
        )
        for kind, name, known, key in named:
            if name is not None:
                yield Reference(kind, name, known, here.at(key))

    def _deed(self, act: Act, here: Where) -> Iterator[Reference]:
        at = here.at(act.deed.value)
        if act.step is not None:
            yield self._step(act.step, here.at("in"))
        match act.deed:
            case Deed.RAISE | Deed.RESOLVE:
                yield self._exception(act.name, at)
                exception = self.workflow.exception(act.name)
                if act.deed is Deed.RESOLVE and exception is not None:
                    yield _ending(exception, act.choice, here.at("ending"))
            case Deed.DELIVER:
                waits = [item for item in self.workflow.all_steps() if isinstance(item, Wait)]
                known = {message.message for wait in waits for message in wait.messages}
                yield Reference("message", act.name, known, at, self._scope)
            case _:
                yield self._step(act.name, at)
                if act.deed in {Deed.DECIDE, Deed.OVERRIDE}:
                    yield from self._outcome(act.name, act.choice, here.at("outcome"))

    def _expected(self, wanted: Expectation, here: Where) -> Iterator[Reference]:
        item = self._object
        if wanted.state is not None and item is not None:
            known = [state.id for state in item.states]
            scope = f"of object `{item.id}`"
            yield Reference("state", wanted.state, known, here.at("state"), scope)
        yield from self._record(wanted.record, here.at("record"))
        yield from self._fields(wanted.empty, here.at("empty"))
        yield from self._expected_steps(wanted, here)
        for step, outcome in wanted.decided.items():
            yield from self._outcome(step, outcome, here.at("decided", step))
        for name in wanted.obligations:
            at = here.at("obligations", name)
            yield Reference("obligation", name, self.model.obligations, at)
        for step, post in wanted.addressed.items():
            yield Reference("post", post, self.model.posts, here.at("addressed", step))
        for step, posts in wanted.escalated.items():
            yield from self._posts(posts, here.at("escalated", step))
        for step, exception in wanted.suspended.items():
            yield self._exception(exception, here.at("suspended", step))

    def _expected_steps(self, wanted: Expectation, here: Where) -> Iterator[Reference]:
        lists = {
            "open": wanted.open or (),
            "overdue": wanted.overdue,
            "reviews": wanted.reviews or (),
        }
        for key, names in lists.items():
            for index, name in enumerate(names):
                yield self._step(name, here.at(key, index))
        mappings: dict[str, Iterable[str]] = {
            "decided": wanted.decided,
            "due": wanted.due,
            "addressed": wanted.addressed,
            "suspended": wanted.suspended,
            "escalated": wanted.escalated,
        }
        for key, names in mappings.items():
            for name in names:
                yield self._step(name, here.at(key, name))

    @property
    def _scope(self) -> str:
        return f"in workflow `{self.workflow.id}`"

    @property
    def _object(self) -> BusinessObject | None:
        return self.model.objects.get(self.workflow.object)

    def _step(self, name: str, at: Where) -> Reference:
        known = [step.id for step in self.workflow.all_steps()]
        known += self.workflow.errands
        return Reference("step", name, known, at, self._scope)

    def _exception(self, name: str, at: Where) -> Reference:
        known = [item.id for item in self.workflow.exceptions]
        known += [own.id for own in BUILT_IN if self._may_fail_by(own)]
        return Reference("exception", name, known, at, self._scope)

    def _may_fail_by(self, exception: Exceptional) -> bool:
        steps = self.workflow.all_steps()
        return any(
            self.workflow.failure(step.id) == exception
            for step in steps
            if isinstance(step, Call | Run)
        )

    def _outcome(self, step: str, outcome: str, at: Where) -> Iterator[Reference]:
        decision = self.workflow.step(step)
        if isinstance(decision, Decision):
            known = [item.id for item in decision.outcomes]
            scope = f"of decision `{self.workflow.id}/{step}`"
            yield Reference("outcome", outcome, known, at, scope)

    def _posts(self, names: Iterable[str], here: Where) -> Iterator[Reference]:
        for index, name in enumerate(names):
            yield Reference("post", name, self.model.posts, here.at(index))

    def _fields(self, names: Iterable[str], here: Where) -> Iterator[Reference]:
        item = self._object
        if item is not None:
            known = [field.id for field in item.fields]
            for name in names:
                yield Reference("field", name, known, here.at(name), f"on object `{item.id}`")

    def _record(self, record: Mapping[str, Written], here: Where) -> Iterator[Reference]:
        """Yield the fields of a record, and the choices and posts among its values."""
        yield from self._fields(record, here)
        item = self._object
        for name, value in record.items():
            field = item.field(name) if item else None
            if field is not None:
                yield from self._values(field, value, here.at(name))

    def _values(self, field: Field, value: Written, at: Where) -> Iterator[Reference]:
        kind, scope = field.item or field, f"of field `{field.id}`"
        for text in (value,) if isinstance(value, str) else value:
            if kind.type is FieldType.CHOICE and kind.choices:
                yield Reference("choice", text, kind.choices, at, scope)
            if kind.type is FieldType.POST:
                yield Reference("post", text, self.model.posts, at)


def _advice(step: Step) -> str:
    """Return what to write for a step at which something else is done."""
    match step:
        case Task():
            return "Write `does`."
        case Decision():
            return "Write `decides`."
        case Wait():
            return "Let its messages be delivered, or its limit pass."
        case Call():
            return "Say in `calls` of `given` what it is answered."
        case Run():
            return "Say in `cases` of `given` how the cases end that it begins."
        case _:
            return "Name a step at which somebody acts."


def _ending(exception: Exceptional, name: str, at: Where) -> Reference:
    known = [item.id for item in exception.endings]
    return Reference("ending", name, known, at, f"of exception `{exception.id}`")
