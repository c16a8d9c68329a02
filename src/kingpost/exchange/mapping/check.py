"""Hold a mapping against the model: every name in it must be one of the model."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kingpost.exchange.mapping.mapping import Act, LogMapping, Verb
from kingpost.model.model import Model
from kingpost.model.workflow import Decision, Step, Task, Wait, Workflow
from kingpost.values.diagnostic import Diagnostic, Place
from kingpost.values.nearest import suggestion

UNKNOWN_NAME = "KP0901"
NOT_RECORDED = "KP0902"

CATALOGUE: Mapping[str, str] = {
    UNKNOWN_NAME: "A mapping names what the model does not have",
    NOT_RECORDED: "A mapping has a field that it does not read",
}


def check_mapping(
    mapping: LogMapping, model: Model, places: Mapping[str, Place]
) -> tuple[Diagnostic, ...]:
    """Return every name in a mapping that the model does not have."""
    workflow = model.workflows.get(mapping.workflow)
    checker = _Check(mapping, model, places)
    if workflow is None:
        return (checker.unknown("workflow", mapping.workflow, model.workflows, "workflow"),)
    found = [*checker.log(), *checker.fields(workflow), *checker.commands(workflow)]
    return tuple(sorted(found, key=Diagnostic.order))


@dataclass(frozen=True, slots=True)
class _Check:
    mapping: LogMapping
    model: Model
    places: Mapping[str, Place]

    def log(self) -> Iterator[Diagnostic]:
        for text, name in self.mapping.author.interfaces.items():
            if name not in self.model.interfaces:
                path = f"log.actor.interfaces.{text}"
                yield self.unknown("interface", name, self.model.interfaces, path)
        if self.mapping.by_state:
            for text, name in self.mapping.shows.values.items():
                yield from self._state(str(name), f"log.state.values.{text}")
            for index, hindsight in enumerate(self.mapping.hindsight):
                for place, name in enumerate(hindsight.known_in):
                    yield from self._state(name, f"hindsight.{index}.known-in.{place}")

    def fields(self, workflow: Workflow) -> Iterator[Diagnostic]:
        declared = [field.id for field in self.model.objects[workflow.object].fields]
        for name in self.mapping.fields:
            if name not in declared:
                yield self.unknown("field", name, declared, f"fields.{name}")
        lists = {"form": self.mapping.form, "record": self.mapping.record}
        for section, names in lists.items():
            for index, name in enumerate(names):
                yield from self._read(name, f"{section}.{index}")
        for index, name in enumerate(self.mapping.form):
            if name in self.mapping.fields and name not in workflow.begins.form:
                known = workflow.begins.form
                yield self.unknown("field of the form", name, known, f"form.{index}")

    def commands(self, workflow: Workflow) -> Iterator[Diagnostic]:
        steps = {step.id: step for step in workflow.all_steps()}
        for index, sign in enumerate(self.mapping.signs):
            path = f"signs.{index}"
            for place, name in enumerate(sign.differs):
                yield from self._read(name, f"{path}.differs.{place}")
            if sign.at is not None and sign.at not in steps:
                yield self.unknown("step", sign.at, steps, f"{path}.at")
            where = (sign.at,) if sign.at else ()
            yield from self._acts(workflow, sign.acts, where, f"{path}.do")
        yield from self._moves(workflow, steps)

    def unknown(self, kind: str, name: str, known: Iterable[str], path: str) -> Diagnostic:
        help_text = suggestion(name, known, "Name one that the model has.")
        message = f"there is no {kind} `{name}`"
        return Diagnostic(UNKNOWN_NAME, "mapping", message, help_text, self._place(path))

    def _moves(self, workflow: Workflow, steps: Mapping[str, Step]) -> Iterator[Diagnostic]:
        for index, moves in enumerate(self.mapping.moves):
            path = f"moves.{index}"
            for place, name in enumerate(moves.at):
                if name not in steps:
                    yield self.unknown("step", name, steps, f"{path}.at.{place}")
            for shown, acts in moves.ways.items():
                if self.mapping.by_state:
                    yield from self._state(shown, f"{path}.ways.{shown}")
                yield from self._acts(workflow, acts, moves.at, f"{path}.ways.{shown}")

    def _acts(
        self, workflow: Workflow, acts: tuple[Act, ...], where: tuple[str, ...], path: str
    ) -> Iterator[Diagnostic]:
        steps = {step.id: step for step in workflow.all_steps()}
        for index, act in enumerate(acts):
            inner = f"{path}.{index}"
            if act.step is not None and act.step not in steps:
                yield self.unknown("step", act.step, steps, f"{inner}.{act.verb.value}")
                continue
            at = (act.step,) if act.step else where
            known = _choices(workflow, act, [steps[name] for name in at if name in steps])
            if act.choice not in known:
                kind = _NAMES[act.verb]
                yield self.unknown(kind, act.choice, known, f"{inner}.{act.verb.value}")
            for place, name in enumerate(act.carries):
                yield from self._read(name, f"{inner}.with.{place}")
            declared = [field.id for field in self.model.objects[workflow.object].fields]
            for name in act.given:
                if name not in declared:
                    yield self.unknown("field", name, declared, f"{inner}.set.{name}")

    def _read(self, name: str, path: str) -> Iterator[Diagnostic]:
        if name not in self.mapping.fields:
            help_text = suggestion(name, self.mapping.fields, "Add it to `fields`.")
            message = f"`{name}` is not among the `fields` of the mapping"
            yield Diagnostic(NOT_RECORDED, "mapping", message, help_text, self._place(path))

    def _state(self, name: str, path: str) -> Iterator[Diagnostic]:
        workflow = self.model.workflows[self.mapping.workflow]
        known = [state.id for state in self.model.objects[workflow.object].states]
        if name not in known:
            yield self.unknown("state", name, known, path)

    def _place(self, path: str) -> Place | None:
        parts = path.split(".")
        for length in range(len(parts), 0, -1):
            found = self.places.get(f"mapping#{'.'.join(parts[:length])}")
            if found is not None:
                return found
        return self.places.get("mapping")


_NAMES: Mapping[Verb, str] = {
    Verb.COMPLETE: "task",
    Verb.DECIDE: "outcome",
    Verb.RAISE: "exception",
    Verb.RESOLVE: "ending",
    Verb.DELIVER: "message",
}


def _choices(workflow: Workflow, act: Act, steps: list[Step]) -> tuple[str, ...]:
    match act.verb:
        case Verb.COMPLETE:
            return tuple(step.id for step in workflow.all_steps() if isinstance(step, Task))
        case Verb.DECIDE:
            decisions = [step for step in steps if isinstance(step, Decision)]
            return tuple(outcome.id for step in decisions for outcome in step.outcomes)
        case Verb.RAISE:
            return tuple(item.id for item in workflow.exceptions)
        case Verb.RESOLVE:
            return tuple(ending.id for item in workflow.exceptions for ending in item.endings)
        case Verb.DELIVER:
            waits = [step for step in steps if isinstance(step, Wait)]
            if not waits:
                waits = [step for step in workflow.all_steps() if isinstance(step, Wait)]
            return tuple(item.message for step in waits for item in step.messages)
