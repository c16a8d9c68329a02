"""Changed rules asked again over cases of the past: which answers would have come out otherwise.

Each case is folded from its events to the moment at which a rule was asked. The rule of then is
asked first: only where it answers what stands in the history is the new one told, so that nothing
is told of a record that is not what it was.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from kingpost.decisions.carrying.answering import Answered, Asking
from kingpost.decisions.case import Case
from kingpost.decisions.changes import Change, Draft, Entered, FieldsSet
from kingpost.decisions.program import Program
from kingpost.decisions.sealing import read_change, read_instant, reveal
from kingpost.engine.company import Company
from kingpost.store.reading.lists import ruled as store
from kingpost.store.whole import CaseRows


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer that would have come out otherwise, in one case. seq: of the event."""

    case: str
    seq: int
    at: datetime
    answered: Answered


@dataclass(slots=True)
class Asked:
    """A changed rule at a step, asked again over cases of the past.

    step:    by its name in the version that runs. rule: by its name in the new one.
    cases:   that asked it, looked through. asked: how often it was asked in them.
    other:   answers that would have come out otherwise, the latest first.
    unsure:  how often what stands in the history is not what the rule of then answers on the record
             as it is folded, such as where personal values were erased.
    """

    workflow: str
    step: str
    rule: str
    cases: int = 0
    asked: int = 0
    unsure: int = 0
    other: list[Listed] = field(default_factory=list["Listed"])

    @property
    def refused(self) -> Counter[str]:
        """Return why there would have been no answer, with how often."""
        return Counter(each.answered.refused for each in self.other if each.answered.refused)

    @property
    def outputs(self) -> Counter[tuple[str, str, str]]:
        """Return outputs with what they were and would have been, with how often."""
        return Counter(
            (each.output, each.before, each.after)
            for listed in self.other
            for each in listed.answered.otherwise
        )

    @property
    def ways(self) -> Counter[tuple[str, str]]:
        """Return from which step to which other one cases would have gone, with how often."""
        return Counter(
            each.answered.ways
            for each in self.other
            if each.answered.ways[0] != each.answered.ways[1]
        )

    @property
    def by(self) -> dict[str, tuple[int, Decimal, Decimal, Decimal]]:
        """Return by numeric output: how many differ, the least, the most and the sum of that."""
        found: dict[str, list[Decimal]] = {}
        for listed in self.other:
            for each in listed.answered.otherwise:
                if each.by is not None:
                    found.setdefault(each.output, []).append(each.by)
        return {
            name: (len(every), min(every), max(every), sum(every, Decimal()))
            for name, every in found.items()
        }


def ask_past(company: Company, new: Program, limit: int) -> tuple[Asked, ...]:
    """Ask each changed rule again in up to `limit` cases of each workflow. Nothing is written.

    Those cases count that passed the step last, whatever version they were on.
    """
    running = company.active()
    return tuple(
        asked
        for name, workflow in new.workflows.items()
        if name in running.workflows
        for asked in _Past(company, new, name, limit).ask(
            Asking(running.workflows[name], workflow).changed
        )
    )


class _Past:
    """The cases of one workflow that asked changed rules."""

    def __init__(self, company: Company, new: Program, workflow: str, limit: int) -> None:
        self.company, self.new, self.workflow, self.limit = company, new, workflow, limit
        self._askings: dict[str, Asking | None] = {}

    def ask(self, changed: Mapping[str, str]) -> list[Asked]:
        """Return what each changed rule would have answered. changed: rules, by step."""
        found = {step: Asked(self.workflow, step, rule) for step, rule in changed.items()}
        if not found:
            return []
        with self.company.database.snapshot() as connection:
            cases = store.passed(connection, self.workflow, found, self.limit)
            for rows in store.histories(connection, cases):
                self._ask_in(rows, found)
        for asked in found.values():
            asked.other.sort(key=lambda each: (each.at, each.case), reverse=True)
        return list(found.values())

    def _ask_in(self, rows: CaseRows, found: dict[str, Asked]) -> None:
        number, seen = rows.of("case_file")[0]["number"], set[str]()
        for seq, draft, step, recorded in _comings(rows):
            asked, asking = found.get(step), self._asking(draft.model)
            if asked is None or asking is None or step not in asking.changed:
                continue
            asked.cases += step not in seen
            asked.asked += 1
            seen.add(step)
            was = asking.before(draft, step)
            if was is None or _changes(draft, was.fields) != recorded:
                asked.unsure += 1
                continue
            answered = asking.again(draft, step, was)
            if answered.differs:
                asked.other.append(Listed(number, seq, draft.at, answered))

    def _asking(self, version: str) -> Asking | None:
        """Return what asks rules of a version again; None where it has no such workflow."""
        if version not in self._askings:
            old = self.company.program(version).workflows.get(self.workflow)
            asking = Asking(old, self.new.workflows[self.workflow]) if old else None
            self._askings[version] = asking
        return self._askings[version]


def _comings(rows: CaseRows) -> Iterator[tuple[int, Draft, str, dict[str, Any]]]:
    """Yield each coming to a step: the event, the case as it is then, and the fields set next.

    The draft goes on behind each: it is to be read at once.
    """
    file, events = rows.of("case_file")[0], rows.of("event")
    first = json.loads(events[0]["header"])
    at = read_instant(first["at"])
    case = Case(file["case_id"], file["number"], file["workflow"], first["model"], at)
    draft, secrets = Draft(case, at), _secrets(rows)
    for event in events:
        header, body = json.loads(event["header"]), json.loads(event["body"])
        draft.at = read_instant(header["at"])
        written = reveal(body["changes"], secrets.get(header["seq"], {}))
        changes = [read_change(each) for each in written]
        for place, change in enumerate(changes):
            draft.apply(change)
            if isinstance(change, Entered):
                yield header["seq"], draft, change.step, _set_by(changes[place + 1 :])


def _secrets(rows: CaseRows) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for row in rows.of("vault"):
        found.setdefault(row["seq"], {})[row["name"]] = row["value"]
    return found


def _set_by(following: list[Change]) -> dict[str, Any]:
    """Return the fields that a step sets as soon as it is come to."""
    first = following[0] if following else None
    return dict(first.fields) if isinstance(first, FieldsSet) else {}


def _changes(case: Draft, fields: Any) -> dict[str, Any]:  # noqa: ANN401 - plain values by name
    return {name: value for name, value in fields.items() if case.fields.get(name) != value}
