"""What a model says in short is written out, once all of it is known."""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kingpost.model.assurance import Obligation
from kingpost.model.intent import Comparison, Metric, Objective, Target, ValueStream
from kingpost.model.interfaces import Interface
from kingpost.model.objects import BusinessObject
from kingpost.model.workflow import Decision, Due, Outcome, Parallel, Step, Task, Wait, Workflow
from kingpost.values.address import address, step_address
from kingpost.values.diagnostic import Place

# Stands for the target of a promise that leaves it out, until the objectives are known.
UNSAID = Target(Comparison.AT_LEAST, Decimal(0))


@dataclass(frozen=True, slots=True)
class Completing:
    """Completes the elements of a model, so that one meaning has one content.

    What says all that it means already is returned as it is, for most does.

    places: where everything was written. added: where what is added is written.
    """

    objects: Mapping[str, BusinessObject]
    interfaces: tuple[Interface, ...]
    places: Mapping[str, Place]
    added: MutableMapping[str, Place]

    def workflow(self, written: Workflow) -> Workflow:
        """Return a workflow that names every system which begins it, with each list written out."""
        begun_by = (each.id for each in self.interfaces if each.begins == written.id)
        named = written.begins.interfaces
        more = tuple(name for name in begun_by if name not in named)
        if more:
            written = replace(written, begins=replace(written.begins, interfaces=(*named, *more)))
        item = self.objects.get(written.object)
        if item is None or not (item.groups or any(_turns(item, s) for s in written.all_steps())):
            return written
        form = self._fields(
            item, written.begins.form, f"{address('workflow', written.id)}#begins.form"
        )
        return replace(
            written,
            begins=replace(written.begins, form=form),
            steps=self._steps(written.id, item, written.steps),
        )

    def obligation(self, written: Obligation, workflows: Mapping[str, Workflow]) -> Obligation:
        """Return an obligation whose evidence names fields in place of groups."""
        holds = written.evidence.holds
        makers = {workflow for workflow, _ in written.evidence.made_by} & workflows.keys()
        for name in sorted({workflows[maker].object for maker in makers}):
            if name in self.objects:
                here = f"{address('obligation', written.id)}#evidence.holds"
                holds = self._fields(self.objects[name], holds, here)
        if holds == written.evidence.holds:
            return written
        return replace(written, evidence=replace(written.evidence, holds=holds))

    def metric(self, written: Metric, workflows: Mapping[str, Workflow]) -> Metric | None:
        """Return a metric with the workflow of its decision, when it names the decision alone.

        Returns: None, when no workflow or several have a decision of that name.
        """
        if written.workflow:
            return written
        owners = [
            each.id
            for each in workflows.values()
            if isinstance(each.step(written.name or ""), Decision)
        ]
        return replace(written, workflow=owners[0]) if len(owners) == 1 else None

    def stream(self, written: ValueStream, objectives: Iterable[Objective]) -> ValueStream | None:
        """Return a stream whose promise has a target: its own, or that of an objective it serves.

        Returns: None, when no objective or several say differently what the target is.
        """
        if written.promise_target is not UNSAID:
            return written
        targets = {
            measure.target
            for goal in objectives
            if goal.id in written.serves
            for measure in goal.measures
            if measure.metric == written.promise
        }
        return replace(written, promise_target=targets.pop()) if len(targets) == 1 else None

    def _steps(
        self, workflow: str, item: BusinessObject, steps: tuple[Step, ...]
    ) -> tuple[Step, ...]:
        return tuple(self._step(workflow, item, step) for step in steps)

    def _step(self, workflow: str, item: BusinessObject, step: Step) -> Step:
        here = step_address(workflow, step.id)
        if step.due is not None and step.due.field is not None:
            step = replace(step, due=_in_order_of_choices(step.due, item))
        match step:
            case Task():
                return replace(
                    step,
                    records=self._fields(item, step.records, f"{here}#records"),
                    requires=self._fields(item, step.requires, f"{here}#requires"),
                )
            case Decision():
                return replace(
                    step,
                    shows=self._fields(item, step.shows, f"{here}#shows"),
                    outcomes=tuple(
                        self._outcome(item, outcome, f"{here}#outcomes.{outcome.id}")
                        for outcome in step.outcomes
                    ),
                )
            case Wait():
                return replace(step, records=self._fields(item, step.records, f"{here}#records"))
            case Parallel():
                branches = tuple(
                    replace(branch, steps=self._steps(workflow, item, branch.steps))
                    for branch in step.branches
                )
                return replace(step, branches=branches)
            case _:
                return step

    def _outcome(self, item: BusinessObject, outcome: Outcome, here: str) -> Outcome:
        return replace(
            outcome,
            records=self._fields(item, outcome.records, f"{here}.records"),
            requires=self._fields(item, outcome.requires, f"{here}.requires"),
        )

    def _fields(self, item: BusinessObject, names: tuple[str, ...], here: str) -> tuple[str, ...]:
        """Return names of fields, with the fields of a group in place of its name."""
        if not item.groups:
            return names
        written = [self.places.get(f"{here}.{index}") for index in range(len(names))]
        spread: dict[str, Place | None] = {}
        for name, place in zip(names, written, strict=True):
            for each in _fields_of(item, name):
                spread.setdefault(each, place)
        for index, place in enumerate(spread.values()):
            if place is not None:
                self.added[f"{here}.{index}"] = place
        return tuple(spread)


def _fields_of(item: BusinessObject, name: str) -> tuple[str, ...]:
    group = next((group for group in item.groups if group.id == name), None)
    if group is None:
        return (name,)
    return tuple(field.id for field in item.fields if group.holds(field.id))


def _turns(item: BusinessObject, step: Step) -> bool:
    """Tell whether the due times of a step stand in another order than the choices they are for."""
    return step.due is not None and _in_order_of_choices(step.due, item) is not step.due


def _in_order_of_choices(due: Due, item: BusinessObject) -> Due:
    field = item.field(due.field) if due.field else None
    if field is None:
        return due
    places = {choice: place for place, choice in enumerate(field.choices)}
    spans = tuple(sorted(due.spans, key=lambda each: (places.get(each[0], len(places)), each[0])))
    return due if spans == due.spans else replace(due, spans=spans)
