"""Changed rules asked again over cases of the past: which answers would have come out otherwise.

Each case is folded from its events to the moment at which a rule was asked. The rule of then is
asked first: only where it answers what stands in the history is the new one told, so that nothing
is told of a record that is not what it was.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.carrying.answering import Answered, Asking
from kingpost.decisions.case import Case
from kingpost.decisions.changes import Change, Draft, Entered, FieldsSet
from kingpost.decisions.program import Program
from kingpost.decisions.sealing import read_change, read_instant, reveal
from kingpost.engine.company import Company
from kingpost.model.ruling.needs import with_needs
from kingpost.model.workflow import RuleStep
from kingpost.store import models
from kingpost.store.reading.lists import ruled as store
from kingpost.store.whole import CaseRows

# Whose cases are looked through: each is compiled.
_VERSIONS_MAX = 20


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

    step, rule: by their names in the new version.
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


@dataclass(frozen=True, slots=True)
class Past:
    """What changed rules would have answered. others: those that no step asks, but conditions."""

    rules: tuple[Asked, ...] = ()
    others: tuple[str, ...] = ()


def ask_past(company: Company, new: Program, limit: int) -> Past:
    """Ask each changed rule again, at each step in the `limit` cases that passed it last.

    Nothing is written. Cases count whatever version they were on, of the latest 20.
    """
    running = company.active()
    with company.database.snapshot() as connection:
        known = dict.fromkeys(row["digest"] for row in reversed(models.activations(connection)))
        versions = list(known)[:_VERSIONS_MAX]
        asked = (
            _Past(company, new, name, limit, connection).ask(versions)
            for name in new.workflows
            if name in running.workflows
        )
        return Past(tuple(chain.from_iterable(asked)), tuple(_unasked(running, new)))


def _unasked(running: Program, new: Program) -> Iterator[str]:
    """Yield the changed rules that no step asks, by themselves or by what they need."""
    asked = {
        each
        for workflow in new.workflows.values()
        for place in workflow.places.values()
        if isinstance(place.step, RuleStep)
        for each in with_needs(new.model, place.step.rule)
    }
    # All workflows of a model share its rules.
    before, after = next(iter(running.workflows.values())), next(iter(new.workflows.values()))
    for name in sorted(after.versions.keys() - asked):
        if before.versions.get(name, "") not in {"", after.versions[name]}:
            yield name


class _Past:
    """The cases of one workflow that asked changed rules."""

    def __init__(
        self,
        company: Company,
        new: Program,
        workflow: str,
        limit: int,
        connection: Connection[DictRow],
    ) -> None:
        self.company, self.new, self.workflow, self.limit = company, new, workflow, limit
        self.connection = connection
        self._askings: dict[str, Asking | None] = {}

    def ask(self, versions: Sequence[str]) -> list[Asked]:
        """Return what each changed rule would have answered. versions: the latest first."""
        running = self._asking(versions[0])
        if running is None or not running.changed:
            return []
        found = {
            each.id: Asked(self.workflow, each.id, each.rule) for each in running.changed.values()
        }
        askings = [each for version in versions if (each := self._asking(version)) is not None]
        chosen = {
            step: set(store.passed(self.connection, self.workflow, names, self.limit))
            for step in found
            if (names := {old for each in askings for old in each.names_of(step)})
        }
        every = set[UUID]().union(*chosen.values())
        for rows in store.histories(self.connection, every):
            self._ask_in(
                rows, [found[step] for step, cases in chosen.items() if rows.case in cases]
            )
        for asked in found.values():
            asked.other.sort(key=lambda each: (each.at, each.case), reverse=True)
        return list(found.values())

    def _ask_in(self, rows: CaseRows, wanted: Iterable[Asked]) -> None:
        number, by_step = rows.of("case_file")[0]["number"], {each.step: each for each in wanted}
        seen = set[str]()
        for seq, draft, step, recorded in _comings(rows):
            asking = self._asking(draft.model)
            there = asking.changed.get(step) if asking is not None else None
            asked = by_step.get(there.id) if there is not None else None
            if asking is None or asked is None:
                continue
            asked.cases += asked.step not in seen
            asked.asked += 1
            seen.add(asked.step)
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
            found = models.versions_before(self.connection, version, self.new.version)
            old, *between = (
                self.company.program_on(self.connection, each).workflows.get(self.workflow)
                for each in (version, *found)
            )
            new = self.new.workflows[self.workflow]
            there = [each for each in between if each is not None]
            self._askings[version] = Asking(old, new, there) if old is not None else None
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
