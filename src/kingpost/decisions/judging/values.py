"""What the expressions of a workflow may read about a case, kept up to date while it changes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from kingpost.decisions.case import Case, Plain
from kingpost.decisions.changes import Change, Draft, Entered, FieldsSet, StateSet
from kingpost.decisions.program import WorkflowProgram
from kingpost.model.records.values import to_value
from kingpost.model.scope import CHANGED, ENTERED, STATE, put


class Values:
    """The values of a draft. They are made when first asked for, then follow each change."""

    def __init__(self, program: WorkflowProgram, draft: Draft) -> None:
        """Begin without any."""
        self.program = program
        self.draft = draft
        self._values: dict[str, Any] | None = None

    def current(self) -> dict[str, Any]:
        """Return the values as the draft stands now."""
        if self._values is None:
            self._values = case_values(self.program, self.draft)
        return self._values

    def follow(self, change: Change) -> None:
        """Bring the values into line with a change that was applied to the draft."""
        if self._values is None:
            return
        record, draft = self._values[self.program.object.id], self.draft
        match change:
            case FieldsSet():
                for name, _ in change.fields:
                    field = self.program.fields[name]
                    put(record, name, to_value(field, draft.fields.get(name)))
                    put(self._values[CHANGED], name, Decimal(draft.changed.get(name, 0)))
            case StateSet():
                record[STATE] = draft.state
            case Entered():
                self._values[ENTERED][change.step] = Decimal(draft.entered[change.step])
            case _:
                return


def case_values(program: WorkflowProgram, case: Case | Draft) -> dict[str, Any]:
    """Return what expressions about a case may read: its record, `entered` and `changed`."""
    name, blank = program.object.id, program.blank
    record, changed = _copied(blank[name]), _copied(blank[CHANGED])
    for field, value in case.fields.items():
        if field in program.fields:
            put(record, field, to_value(program.fields[field], value))
    for field, count in case.changed.items():
        if field in program.fields:
            put(changed, field, Decimal(count))
    entered = {step: Decimal(count) for step, count in case.entered.items()}
    record[STATE] = case.state
    return {
        **program.book.functions,
        name: record,
        ENTERED: {**blank[ENTERED], **entered},
        CHANGED: changed,
    }


def _copied(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return members that may be changed, groups within them included."""
    found = dict(members)
    for name, value in members.items():
        if type(value) is dict:
            found[name] = _copied(cast("dict[str, Any]", value))
    return found


def values_after(
    program: WorkflowProgram, draft: Draft, fields: Mapping[str, Plain]
) -> dict[str, Any]:
    """Return what expressions would read after fields had been recorded. The draft stays."""
    trial = Draft(draft.finish(draft.case.version, draft.case.head), draft.at)
    trial.apply(FieldsSet(tuple(sorted(fields.items()))))
    return case_values(program, trial)
