"""What a rule would have answered in a case in another version, when the one of then did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kingpost.decisions.asking import Unknown, ask
from kingpost.decisions.carrying.names import names_between
from kingpost.decisions.carrying.wording import without_values
from kingpost.decisions.case import Plain
from kingpost.decisions.changes import Draft
from kingpost.decisions.judging.rules import Answer, evaluate, shown
from kingpost.decisions.judging.values import case_values
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.refusals import RefusedError
from kingpost.decisions.versions.renaming import Part, renamed
from kingpost.model.records.values import to_value
from kingpost.model.scope import put
from kingpost.model.workflow import RuleStep

PERSONAL = "(personal)"


@dataclass(frozen=True, slots=True)
class Otherwise:
    """An output that came out otherwise, as people read it. by: the difference of two numbers."""

    output: str
    before: str
    after: str
    by: Decimal | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What a rule would have answered.

    otherwise: the outputs that differ. refused: why there is no answer, in words; or nothing.
    ways:      the step to which the case went, and the one to which it would have gone; the same
               where nothing differs. `?` where no condition of the way can be answered.
    """

    otherwise: tuple[Otherwise, ...] = ()
    refused: str = ""
    ways: tuple[str, str] = ("", "")

    @property
    def differs(self) -> bool:
        """Tell whether anything came out otherwise."""
        return bool(self.otherwise or self.refused or self.ways[0] != self.ways[1])


class Asking:
    """Asks the rules of one version of a workflow again, in another version of it.

    changed: the steps whose rule is another one there, each as it is there. A step that is gone,
             or asks no rule any more, is not among them: nothing can be asked.
    """

    def __init__(
        self,
        old: WorkflowProgram,
        new: WorkflowProgram,
        between: Sequence[WorkflowProgram] = (),
    ) -> None:
        """Ask what `old` asked in `new`. between: the versions between them, in their order."""
        self.old, self.new = old, new
        self._names = names_between(old, new, {}, between)
        fields = self._names.of[Part.FIELD]
        # What was personal then, was told as such.
        self._personal = new.personal | {fields.get(name, name) for name in old.personal}
        self._renames = tuple(self._names.changes())
        self.changed: Mapping[str, RuleStep] = {
            name: there
            for name, place in old.places.items()
            if isinstance(place.step, RuleStep)
            and (there := self._there(name)) is not None
            and old.versions[place.step.rule] != new.versions[there.rule]
        }

    def names_of(self, step: str) -> tuple[str, ...]:
        """Return what a step of the new version was called in the old one."""
        steps = self._names.of[Part.STEP]
        return tuple(old for old, new in steps.items() if new == step)

    def before(self, case: Draft, step: str) -> Answer | None:
        """Return what the rule of then answers, for a case that has just come to a step.

        None, when it gives no answer on the record as it is.
        """
        try:
            return evaluate(self.old, self._rule(step), case_values(self.old, case))
        except RefusedError:
            return None

    def again(self, case: Draft, step: str, was: Answer) -> Answered:
        """Return what the new rule would have answered.

        step: one of `changed`. was: what the rule of then answered.
        """
        there = self.changed[step]
        then = case_values(self.old, case)
        _fill(self.old, then, was)
        gone = _way(self.old, step, then)
        gone = self._names.new(Part.STEP, gone) or gone
        values = case_values(self.new, self._told(case))
        try:
            now = evaluate(self.new, there.rule, values)
        except RefusedError as refused:
            return Answered(refused=without_values(refused.refusal), ways=(gone, gone))
        _fill(self.new, values, now)
        fields = {old: new for old, new in self._names.of[Part.FIELD].items() if old != new}
        earlier = renamed(was.fields, fields)
        otherwise = tuple(
            self._differing(name, earlier.get(name), now.fields.get(name))
            for name in dict.fromkeys((*earlier, *now.fields))
            if earlier.get(name) != now.fields.get(name)
        )
        return Answered(otherwise, ways=(gone, _way(self.new, there.id, values)))

    def _rule(self, step: str) -> str:
        asked = self.old.places[step].step
        assert isinstance(asked, RuleStep), "only a step that asks a rule has one"
        return asked.rule

    def _there(self, step: str) -> RuleStep | None:
        name = self._names.new(Part.STEP, step)
        found = self.new.places[name].step if name is not None else None
        return found if isinstance(found, RuleStep) else None

    def _differing(self, name: str, before: Plain, after: Plain) -> Otherwise:
        if name in self._personal:
            return Otherwise(name, PERSONAL, PERSONAL, None)
        field = self.new.fields.get(name)
        if field is None:
            return Otherwise(name, _word(before), _word(after), None)
        one, other = to_value(field, before), to_value(field, after)
        by = other - one if isinstance(one, Decimal) and isinstance(other, Decimal) else None
        return Otherwise(name, _word(shown(one)), _word(shown(other)), by)

    def _told(self, case: Draft) -> Draft:
        """Return a case in the names of the new version."""
        told = Draft(case.finish(case.case.version, case.case.head), case.at)
        for change in self._renames:
            told.apply(change)
        return told


def _fill(program: WorkflowProgram, values: dict[str, Any], answer: Answer) -> None:
    record = values[program.object.id]
    for name, value in answer.fields.items():
        put(record, name, to_value(program.fields[name], value))


def _way(program: WorkflowProgram, step: str, values: Mapping[str, Any]) -> str:
    for way in program.ways[step]:
        answer = True if way.when is None else ask(way.when, values)
        if isinstance(answer, Unknown):
            return "?"
        if answer:
            return way.go
    return "?"


def _word(value: object) -> str:
    return "nothing" if value is None else str(value)
