"""What the service desk's log comes to, told by plain Python that knows nothing of Kingpost.

Independent: everything that happens to a case. The oracle imports only the standard library and
has a replay, authority, clocks, duties, office hours, percentiles and windows of its own, with the
steps of the model written out as code. It was written from the rules in words, by somebody who had
seen neither the importer nor the decision function. Then both were compared, and where the words
left a choice the oracle took the product's: a right to judge must cover the record before and
after, evidence counts for the priority that was judged, the names of refusals.

Shared, as data: the log, and who holds which post (`appointments.csv`). The constants here and in
`log.py` repeat what `kingpost.yaml`, `organisation.yaml`, `incident.yaml`, `assurance.yaml` and
`log/mapping.yaml` declare.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.oracle.log import AWAITING, DESK, Record, Row
from tests.oracle.reckoning import DAY, HOUR, Sample, office_time

TERMS = {"critical": 4 * HOUR, "high": 8 * HOUR, "moderate": 30 * HOUR, "low": 50 * HOUR}
LIMIT = 30 * DAY
PRIORITIES = {
    ("high", "high"): "critical",
    ("high", "medium"): "high",
    ("high", "low"): "high",
    ("medium", "high"): "high",
    ("medium", "medium"): "moderate",
    ("medium", "low"): "low",
    ("low", "high"): "moderate",
    ("low", "medium"): "low",
    ("low", "low"): "low",
}
# With the impact and the urgency, which are kept apart.
FORM = ("location", "category", "subcategory", "symptom", "assignment-group")
FORM_TOO = ("resolver", "known-solution", "closing-code")
MACHINE = "updated-by-908"


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error.
    """The model does not allow it; the text is the kind of the deviation."""


class Register:
    """Who may act for a group: its holders, and the duty officers above all groups."""

    def __init__(self, path: Path) -> None:
        self._holders: defaultdict[str, set[str]] = defaultdict(set)
        with path.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                assert (row["from"], row["until"]) == ("2016-02-29", ""), "they all hold all along"
                self._holders[row["post"]].add(row["person"])
        others = {"employee", "incident-manager", "process-owner", "head-of-service"}
        working = (held for post, held in self._holders.items() if post not in others)
        self._workers = set[str]().union(*working)

    def works_for(self, person: str, group: str | None) -> bool:
        """Tell whether somebody may work for a group, or (None) for any at all."""
        if group is None:
            return person in self._workers
        return person in self._holders[group] or person in self._holders["duty-officer"]

    def is_manager(self, person: str) -> bool:
        return person in self._holders["incident-manager"]

    def may_report(self, person: str) -> bool:
        return person == MACHINE or person in self._holders["employee"]


@dataclass(frozen=True, slots=True)
class Duty:
    status: str
    due: datetime | None
    since: datetime


@dataclass
class Totals:
    """What all cases come to. samples: times in milliseconds, shares as true or false."""

    cases: list["Case"] = field(default_factory=list["Case"])
    visits: defaultdict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    samples: defaultdict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    rows: Counter[str] = field(default_factory=Counter[str])
    deviations: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


class Case:
    """One incident as it really stands, whatever the log says. Commands raise `Refused`."""

    def __init__(self, first: Row, register: Register, totals: Totals) -> None:
        assert register.may_report(first.person), "anybody may report"
        self.register, self.totals, self.number = register, totals, first.number
        self.record: Record = {name: first.fields.get(name) for name in (*FORM, *FORM_TOO)}
        self.record["first-line"] = True if first.state == "resolved" else None
        self.impact, self.urgency = first.impact, first.urgency
        start = min(first.opened, first.at)
        self.started = self.since = self.last = self.running = start
        self.spent, self.step, self.state = timedelta(), "triage", "new"
        self.suspended, self.judging = False, True
        self.reworked = self.handovers = 0
        self.duties: dict[str, Duty] = {}
        self.entered = [("new", start)]
        if self.record["first-line"] and self.record["closing-code"] is not None:
            self.judging = False
            self.enter("confirmation", "resolved", start)
        self.settle(start)

    @property
    def priority(self) -> str:
        return PRIORITIES[self.impact, self.urgency]

    # Rights -------------------------------------------------------------------------------------

    def may_work(self, row: Row) -> None:
        group = None if self.step == "confirmation" else str(self.record["assignment-group"])
        if not self.register.works_for(row.person, group):
            raise Refused("not-your-post")

    def may_hold(self, row: Row) -> None:
        """Exceptions are raised and resolved by people; a machine is told so first."""
        if row.person == MACHINE:
            raise Refused("not-your-interface")
        self.may_work(row)

    def may_judge(self, row: Row, impacts: set[str]) -> None:
        """Only an incident manager judges what has, or thereby gets, a high impact."""
        if not self.judging:
            raise Refused("not-open")
        if not self.register.is_manager(row.person):
            if not self.register.works_for(row.person, str(self.record["assignment-group"])):
                raise Refused("not-your-post")
            if "high" in impacts:
                raise Refused("outside-authority")

    # Commands -----------------------------------------------------------------------------------

    def change(self, row: Row) -> None:
        self.may_judge(row, {self.impact, row.impact})
        # The evidence is made for the priority that was judged; the matrix comes afterwards.
        self.settle(row.at, "confirm-priority")
        self.impact, self.urgency = row.impact, row.urgency
        self.settle(row.at)

    def confirm(self, row: Row) -> None:
        self.may_judge(row, {self.impact})
        self.judging = False
        self.settle(row.at, "confirm-priority")

    def note(self, row: Row, fields: Record) -> None:
        self.may_work(row)
        self.keep(fields)
        self.settle(row.at)

    def hold(self, row: Row, fields: Record) -> None:
        if self.step == "confirmation":
            raise Refused("not-open")
        self.may_hold(row)
        self.stop(row.at)
        self.suspended = True
        self.keep(fields)
        self.go(str(row.state), row.at)
        self.settle(row.at)

    def answer(self, row: Row, fields: Record) -> None:
        self.may_hold(row)
        self.suspended, self.running = False, row.at
        self.keep(fields)
        self.go("new" if self.step == "triage" else "active", row.at)
        self.settle(row.at)

    def complete(self, row: Row, fields: Record) -> None:
        if self.suspended:
            raise Refused("is-suspended")
        self.may_work(row)
        self.finish(row, fields)

    def solve(self, row: Row, fields: Record) -> None:
        self.may_hold(row)
        self.finish(row, fields)

    def reopen(self, row: Row, fields: Record) -> None:
        if row.person == MACHINE:
            raise Refused("not-your-interface")
        self.keep(fields)
        self.reworked += 1
        self.enter("rework", "active", row.at)
        self.settle(row.at)

    def shut(self, row: Row, fields: Record) -> None:
        self.keep(fields)
        self.close(row.at)

    def run_out(self, until: datetime) -> None:
        """Close by the clock when nobody answered before `until`."""
        if self.step == "confirmation" and self.since + LIMIT < until:
            self.close(self.since + LIMIT)

    # What follows --------------------------------------------------------------------------------

    def finish(self, row: Row, fields: Record) -> None:
        """Complete the task: on to work, or to the caller who tries the solution."""
        done, is_over = self.step, self.step != "triage" or row.state == "resolved"
        if is_over and (self.record | fields)["closing-code"] is None:
            raise Refused("invariant-broken" if done == "triage" else "fields-missing")
        self.stop(row.at)
        self.suspended, self.running = False, row.at
        self.keep(fields)
        if done == "triage" and is_over:
            self.record["first-line"] = True
        if is_over and done != "rework":
            self.restored(row.at)
        step, state = ("confirmation", "resolved") if is_over else ("work", "active")
        self.enter(step, state, row.at)
        self.settle(row.at, done)

    def keep(self, fields: Record) -> None:
        self.handovers += "assignment-group" in fields  # It is there because it differs.
        self.record |= fields

    def stop(self, at: datetime) -> None:
        """Stop the clock of the restoration, unless it stands still."""
        if not self.suspended:
            self.spent += office_time(self.running, at)

    def enter(self, step: str, state: str, at: datetime) -> None:
        self.step = step
        self.go(state, at)

    def go(self, state: str, at: datetime) -> None:
        if state != self.state:
            stay = (at - self.since).total_seconds()
            self.totals.visits[self.state].append(Sample(at, stay))
            if self.state == "awaiting-user-info":
                self.measure("waiting-for-user", at, stay * 1000)
            self.state, self.since = state, at
            self.entered.append((state, at))

    def restored(self, at: datetime) -> None:
        self.judging = False
        self.measure("time-to-restore", at, (at - self.started).total_seconds() * 1000)
        self.measure("restored-within-term", at, self.spent <= TERMS[self.priority])

    def close(self, at: datetime) -> None:
        self.enter("closed", "closed", at)
        self.measure("closed-without-reopening", at, self.reworked == 0)
        self.measure("solved-by-first-line", at, self.record["first-line"] is True)
        self.measure("handed-over-once-at-most", at, self.handovers <= 1)
        self.settle(at)

    def measure(self, metric: str, at: datetime, value: float) -> None:
        self.totals.samples[metric].append(Sample(at, value))

    # Obligations ---------------------------------------------------------------------------------

    def settle(self, at: datetime, done: str | None = None) -> None:
        """Look at the obligations after an event. done: the step that made its evidence."""
        self.last = at
        judged, critical = done == "confirm-priority", self.priority == "critical"
        mended = done in {"work", "rework"} and self.record["closing-code"] is not None
        applies = self.record["first-line"] is not True
        hour = self.started + HOUR
        self.owe("judged-within-the-hour", at, applies=critical, made=judged, due=hour)
        self.owe("final-report", at, applies=applies, made=mended)
        self.owe("second-look", at, applies=True, made=judged)

    def owe(
        self, name: str, at: datetime, *, applies: bool, made: bool, due: datetime | None = None
    ) -> None:
        known = self.duties.get(name)
        status = known.status if known else "free"
        is_over_time = due is not None and at > due
        # A lapse is not undone by what is recorded afterwards.
        if status in {"met", "late", "missing"} or (status, applies) == ("free", False):
            return
        if not applies and not (status == "owed" and is_over_time):
            after = "lifted"
        elif made:
            after = "late" if is_over_time else "met"
        else:
            after = "missing" if self.step == "closed" else "owed"
        if after != status:
            self.duties[name] = Duty(after, due, at)


Way = tuple[Callable[[Row, Record], None], ...]


def way(case: Case, state: str) -> Way | None:
    """Return the commands from where the case stands to a state; None when no way leads there."""
    if case.step == "confirmation":
        answers = {"closed": (case.shut,), "active": (case.reopen,)}
        return answers.get(state, (case.reopen, case.hold) if state == AWAITING[0] else None)
    ways: dict[str, Way] = dict.fromkeys(AWAITING, (case.hold,))
    ways["resolved"] = (case.solve if case.suspended else case.complete,)
    if case.suspended:
        ways["active"] = (case.answer,)
    if case.step == "triage":
        ways["active"] = (*ways.get("active", ()), case.complete)
    if case.step == "triage" and case.suspended:
        ways["new"] = (case.answer,)
    return ways.get(state)


class Replay:
    """The replay of one incident, row by row; what is refused is noted and nothing is forced."""

    def __init__(self, case: Case, totals: Totals) -> None:
        self.case, self.totals = case, totals
        self.kinds: list[str] = []
        self.has_tried = True  # The first row has started the case.

    def play(self, row: Row, before: Row | None) -> None:
        self.case.run_out(row.at)
        if row.at < self.case.last:
            self.kinds.append("time-runs-back")
            row = row._replace(at=self.case.last)
        if self.case.step != "closed":
            self.judge(row, before)
            self.handle(row)
        elif row.state != "closed" or self.differing(row):
            self.kinds.append("after-closing")
        self.totals.deviations += ((row.line, kind) for kind in self.kinds)
        tried = "conforming" if self.has_tried else "unchanged"
        self.totals.rows["deviating" if self.kinds else tried] += 1
        self.kinds, self.has_tried = [], False

    def judge(self, row: Row, before: Row | None) -> None:
        case = self.case
        judged = (row.impact, row.urgency)
        if judged != (case.impact, case.urgency):
            if case.judging:
                self.attempt(lambda: case.change(row))
            elif before is None or judged != (before.impact, before.urgency):
                self.kinds.append("not-open")
        if row.confirmed and not (before and before.confirmed):
            self.attempt(lambda: case.confirm(row))

    def handle(self, row: Row) -> None:
        case, fields = self.case, self.differing(row)
        found = way(case, row.state) if row.state else None
        if row.state is None:
            self.kinds.append("unknown-state")
        elif row.state == case.state:
            if fields:
                self.attempt(lambda: case.note(row, fields))
        elif found is None:
            self.kinds.append("no-way")
        else:
            *first, last = found
            for command in first:
                self.attempt(lambda command=command: command(row, {}))
            self.attempt(lambda: last(row, fields))

    def differing(self, row: Row) -> Record:
        record = self.case.record
        return {name: value for name, value in row.fields.items() if record.get(name) != value}

    def attempt(self, command: Callable[[], None]) -> None:
        self.has_tried = True
        try:
            command()
        except Refused as refused:
            self.kinds.append(str(refused))


def replay(log: Iterable[list[Row]], moment: datetime) -> Totals:
    """Replay the rows of each incident up to a moment."""
    register, totals = Register(DESK / "appointments.csv"), Totals()
    for incident in log:
        rows = [row for row in incident if row.at <= moment]
        if rows:
            case = Case(rows[0], register, totals)
            playing, before = Replay(case, totals), None
            for row in rows:
                playing.play(row, before)
                before = row
            case.run_out(moment + timedelta.resolution)
            totals.cases.append(case)
    return totals
