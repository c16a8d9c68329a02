"""Look over the whole store: that the history is whole, and that the rows follow from it.

Nothing here shares a line with the road that writes: it reads bytes and rows of one moment and
folds the one into the other. Every fault is a value; a sound store has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import DictRow

from kingpost.engine.company import Company
from kingpost.engine.replay import BrokenHistoryError, Replayed, replay
from kingpost.model.workflow import Decision, Task, Wait
from kingpost.proof.chain import check_chain
from kingpost.store import whole
from kingpost.store.cases import read_row
from kingpost.store.whole import CaseRows

_FOLDED = (
    "version", "head", "closed_at", "state", "state_since", "started_at", "fields", "tokens",
    "entered", "changed", "performers", "owed", "settled",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that must never be. invariant: which one, such as `I2`; see the safety notes."""

    invariant: str
    case: UUID
    message: str

    def __str__(self) -> str:
        return f"{self.invariant} in case {self.case}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and every fault that was found."""

    cases: int
    events: int
    faults: tuple[Fault, ...]


def verify(company: Company) -> Report:
    """Check every case, and everything that belongs to one, as they stand at one moment."""
    cases = events = 0
    faults: list[Fault] = []
    with company.database.snapshot() as connection:
        rights = whole.all_rights(connection)
        for found in whole.all_cases(connection):
            cases += 1
            events += len(found.of("event"))
            for row in found.of("case_file"):
                # Compiled here once, over a connection that is at hand.
                company.program_on(connection, row["model"])
            faults.extend(_read_faults(company, found, rights))
    return Report(cases, events, tuple(faults))


def _read_faults(company: Company, found: CaseRows, rights: dict[str, DictRow]) -> list[Fault]:
    """Return the faults of one case; what cannot even be read is one of them."""
    try:
        return [Fault(name, found.case, words) for name, words in _faults(company, found, rights)]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        words = f"its bytes or rows do not read: {type(error).__name__}: {error}"
        return [Fault("I2", found.case, words)]


def _faults(
    company: Company, found: CaseRows, rights: dict[str, DictRow]
) -> Iterator[tuple[str, str]]:
    if not found.of("case_file"):
        yield "I1", f"there is no case for what is in {', '.join(sorted(found.rows))}"
        return
    if not found.of("event"):
        yield "I2", "the case has no events"
        return
    broken = check_chain((row["header"], row["body"]) for row in found.of("event"))
    if broken is not None:
        yield "I2", broken
        return
    try:
        replayed = replay(found)
    except BrokenHistoryError as error:
        yield "I4", str(error)
        return
    yield from _columns(found, replayed)
    yield from (("I12", fault) for fault in replayed.vault_faults)
    yield from _state(found, replayed)
    yield from _work(company, found, replayed)
    yield from _commands(found)
    yield from _counted(found, replayed)
    yield from _authority(found, replayed, rights)


def _columns(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Compare what stands beside the bytes with the bytes."""
    case = found.of("case_file")[0]
    for row, passed in zip(found.of("event"), replayed.events, strict=True):
        header = passed.header
        told = (row["seq"], row["kind"], row["hash"], row["at"], row["step"])
        kept = (header["seq"], header["kind"], passed.hash, passed.at, passed.body.get("step"))
        if told != kept:
            yield "I2", f"the columns of event {row['seq']} differ from its bytes"
        about = (header["case"], header["workflow"], header["model"])
        if about != (str(found.case), case["workflow"], case["model"]):
            yield "I15", f"event {row['seq']} is about another case, workflow or model"


def _state(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    row = read_row(found.of("case_file")[0])
    for name in _FOLDED:
        kept, folded = getattr(row, name), getattr(replayed.case, name)
        if kept != folded:
            yield "I3", f"`{name}` of the case is not what its events give"


def _work(company: Company, found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Compare open work with where the case stands."""
    case = replayed.case
    places = company.program(case.model).workflows[case.workflow].places
    expected: dict[UUID, tuple[object, ...]] = {}
    for token in case.tokens.values():
        step = places[token.step].step
        if isinstance(step, Task | Decision | Wait):
            held = token.suspension.exception if token.suspension else None
            budget = token.clock.budget_ms if token.clock else None
            who = (token.post, token.person, token.since, held, budget)
            ends = token.limit is not None and token.limit.since is not None
            kind = type(step).__name__.lower()
            expected[UUID(token.id)] = (case.workflow, step.id, kind, step.role, *who, ends)
    kept = {
        row["id"]: (
            row["workflow"], row["step"], row["kind"], row["role"], row["post"], row["person"],
            row["opened_at"], row["suspended"], row["budget_ms"], row["limit_at"] is not None,
        )
        for row in found.of("task")
    }  # fmt: skip
    if kept != expected:
        yield "I3", "its open work is not where its events say that it stands"
    if not case.is_closed and not expected:
        yield "I9", "the case is open and nothing in it is"
    if case.is_closed and case.tokens:
        yield "I9", "the case is closed and something in it is open"


def _commands(found: CaseRows) -> Iterator[tuple[str, str]]:
    """Each key has one event, and each event one key at most."""
    seqs = [row["seq"] for row in found.of("command")]
    if len(set(seqs)) != len(seqs):
        yield "I5", "two commands led to one event"
    if not set(seqs) <= {row["seq"] for row in found.of("event")}:
        yield "I5", "a command led to an event that is not there"


def _counted(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Compare stays, obligations and measurements with what the events tell."""
    workflow = replayed.case.workflow
    stays = sorted(
        (row["kind"], row["name"], row["since"], row["until"], row["how"])
        for row in found.of("visit")
        if row["workflow"] == workflow
    )
    if stays != sorted(replayed.stays) or len(stays) != len(found.of("visit")):
        yield "I3", "its stays are not those that its events tell"
    duties = {row["obligation"]: (row["status"], row["due_at"]) for row in found.of("duty")}
    if duties != replayed.duties:
        yield "I3", "its obligations are not those that its events tell"
    times = {row["seq"]: row["at"] for row in found.of("event")}
    if any(times.get(row["seq"]) != row["at"] for row in found.of("measurement")):
        yield "I3", "a measurement belongs to no event"


def _authority(
    found: CaseRows, replayed: Replayed, rights: dict[str, DictRow]
) -> Iterator[tuple[str, str]]:
    """Every live act of a person rests on an appointment that ran when it was recorded."""
    for row, passed in zip(found.of("event"), replayed.events, strict=True):
        actor = passed.body.get("actor", {})
        if passed.header["origin"] != "live" or "right" not in actor:
            continue
        right = rights.get(actor["right"])
        if right is None or (right["person"], right["post"]) != (actor["person"], actor["post"]):
            yield "I7", f"event {row['seq']} rests on an appointment that is not there"
            continue
        stop = right["stop"]
        if row["recorded_at"] < right["start"] or (stop and row["recorded_at"] >= stop):
            yield "I7", f"event {row['seq']} rests on an appointment that did not run then"
