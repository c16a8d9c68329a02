"""Look over the whole store: that the history is whole, and that the rows follow from it.

It reads bytes and rows of one moment, folds the bytes anew and compares. With the road that writes
it shares the fold and the counting of clocks, but nothing that decides. Every fault is a value; a
sound store has none. Whoever may write all tables can also make all of them agree on another
history: that shows only against heads that are kept elsewhere.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.carrying.moving import CARRIED
from kingpost.decisions.case import Token, lapse_of, told_at
from kingpost.decisions.judging.calling.messages import awaited
from kingpost.decisions.judging.clocks import (
    PLAIN_TIME,
    calendar_named,
    ends_at,
    runs_out,
    wait_limit,
)
from kingpost.decisions.judging.ladders.notices import notice_at
from kingpost.decisions.judging.proposing.waiting import waiting_item
from kingpost.decisions.judging.reviewing.reviews import review_item
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.sealing import read_instant
from kingpost.engine.company import Company, ModelChangedError
from kingpost.engine.fault import Fault
from kingpost.engine.outside.checking import case_faults
from kingpost.engine.proposals.checking import proposal_faults
from kingpost.engine.replay import BrokenHistoryError, Passed, Replayed, replay
from kingpost.engine.restructuring.checking import read_changes, restructuring_faults
from kingpost.engine.rights import Rights, authority_faults, register_faults
from kingpost.model.model import Model
from kingpost.model.workflow import OPEN_WORK, Decision, Step, Task, Wait
from kingpost.proof.canonical import digest
from kingpost.proof.chain import check_chain
from kingpost.store import whole
from kingpost.store.cases import read_row
from kingpost.store.due.messages import untrue
from kingpost.store.whole import CaseRows

_FOLDED = (
    "model", "version", "head", "closed_at", "state", "state_since", "started_at", "fields",
    "tokens", "entered", "changed", "performers", "taken", "owed", "settled", "proposal",
    "reviews",
)  # fmt: skip

# Between deciding and writing down lie a wait for locks, and a clock that may be set meanwhile.
_DELAY_MAX = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and every fault that was found."""

    cases: int
    events: int
    faults: tuple[Fault, ...]


def verify(company: Company) -> Report:
    """Check every case, and everything that belongs to one, as they stand at one moment."""
    cases = events = 0
    imported = _Imported()
    with company.database.snapshot() as connection:
        faults = list(_models(connection))
        changes = read_changes(connection)
        rights = Rights(whole.all_rights(connection), whole.all_delegations(connection), changes)
        faults.extend(register_faults(connection))
        faults.extend(restructuring_faults(connection, _model_of(company, connection)))
        for found in whole.all_cases(connection):
            cases += 1
            events += len(found.of("event"))
            faults.extend(_read_faults(company, connection, found, rights))
            imported.count(found)
        faults.extend(_imports(connection, imported))
        faults.extend(_messages(connection))
        faults.extend(proposal_faults(company, connection, rights))
    return Report(cases, events, tuple(faults))


def _model_of(company: Company, connection: Connection[DictRow]) -> Callable[[str], Model | None]:
    def model_of(version: str) -> Model | None:
        try:
            return company.program_on(connection, version).model
        except (KeyError, ModelChangedError):
            return None

    return model_of


def _models(connection: Connection[DictRow]) -> Iterator[Fault]:
    for version, content in whole.all_models(connection):
        if digest(content) != version:
            yield Fault("I15", f"model {version}", "its content was changed")


def _messages(connection: Connection[DictRow]) -> Iterator[Fault]:
    for message in untrue(connection):
        yield Fault("I5", f"message {message}", "no event delivered it as it says")


@dataclass(slots=True)
class _Imported:
    """What there is of histories that began with an import."""

    cases: int = 0
    events: int = 0

    def count(self, found: CaseRows) -> None:
        written = sum(row["fingerprint"] == "import" for row in found.of("command"))
        self.cases += bool(written) and bool(found.of("case_file"))
        self.events += written


def _imports(connection: Connection[DictRow], imported: _Imported) -> Iterator[Fault]:
    """Compare what imports have counted with what there is of them."""
    cases = events = 0
    for run in whole.all_imports(connection):
        counts = run["counts"]
        cases, events = cases + counts.get("cases", 0), events + counts.get("events", 0)
        kinds = {kind: item["count"] for kind, item in counts.get("kinds", {}).items()}
        if kinds != run["deviations"]:
            yield Fault("I11", f"import {run['source']}", "its deviations are not those it counted")
    if (cases, events) != (imported.cases, imported.events):
        words = (
            f"they wrote {cases:,} cases with {events:,} events, "
            f"and {imported.cases:,} with {imported.events:,} are there"
        )
        yield Fault("I11", "all imports", words)


def _read_faults(
    company: Company,
    connection: Connection[DictRow],
    found: CaseRows,
    rights: Rights,
) -> list[Fault]:
    """Return the faults of one case; what cannot even be read is one of them."""
    place = f"case {found.case}"
    try:
        for row in found.of("case_file"):
            # Compiled here once, over a connection that is at hand.
            company.program_on(connection, row["model"])
        for version in _carried_from(found):
            company.program_on(connection, version)
        return [Fault(name, place, words) for name, words in _faults(company, found, rights)]
    except ModelChangedError:
        return [Fault("I15", place, "the model that it runs on was changed")]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        words = f"its bytes or rows do not read: {type(error).__name__}: {error}"
        return [Fault("I2", place, words)]


def _carried_from(found: CaseRows) -> set[str]:
    """Return the versions on which the events of a case that was carried over were decided."""
    events = found.of("event")
    if all(row["kind"] != CARRIED for row in events):
        return set()
    return {json.loads(row["header"])["model"] for row in events}


def _faults(company: Company, found: CaseRows, rights: Rights) -> Iterator[tuple[str, str]]:
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
    yield from _timers(company, found, replayed)
    yield from _calls(found, replayed)
    yield from case_faults(found, replayed)
    yield from _commands(found, replayed)
    yield from _counted(found, replayed)
    yield from (("I7", fault) for fault in authority_faults(found, replayed, rights))
    yield from _agreements(company, replayed)


def _columns(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Compare what stands beside the bytes with the bytes."""
    case, model = found.of("case_file")[0], replayed.events[0].header["model"]
    for row, passed in zip(found.of("event"), replayed.events, strict=True):
        header = passed.header
        told = (row["seq"], row["kind"], row["hash"], row["at"], row["step"], row["person"])
        body, person = passed.body, passed.body["actor"].get("person")
        kept = (header["seq"], header["kind"], passed.hash, passed.at, body.get("step"), person)
        if told != kept or not _recorded_then(row, passed):
            yield "I2", f"the columns of event {row['seq']} differ from its bytes"
        said, was = body.get("carried", {}).get("from", model), model
        model = next((each["model"] for each in body["changes"] if each["do"] == "carry"), model)
        about = (header["case"], header["workflow"], header["model"], said)
        if about != (str(found.case), case["workflow"], model, was):
            yield "I15", f"event {row['seq']} is about another case, workflow or model"


def _recorded_then(row: DictRow, passed: Passed) -> bool:
    """Tell whether an event was written down when its bytes say, or soon afterwards."""
    recorded = read_instant(passed.header["recorded"])
    if passed.header["origin"] == "import":
        return row["recorded_at"] == recorded
    return abs(row["recorded_at"] - recorded) <= _DELAY_MAX


def _state(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    row = read_row(found.of("case_file")[0])
    for name in _FOLDED:
        kept, folded = getattr(row, name), getattr(replayed.case, name)
        if kept != folded:
            yield "I3", f"`{name}` of the case is not what its events give"
    if replayed.events[0].body.get("number") != row.number:
        yield "I3", "`number` of the case is not the one that it began with"


def _work(company: Company, found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Compare open work with where the case stands."""
    case = replayed.case
    program = company.program(case.model).workflows[case.workflow]
    expected = {
        UUID(token.id): _item(program, token, step, replayed)
        for token in case.tokens.values()
        if isinstance(step := program.places[token.step].step, OPEN_WORK)
    }
    reviews = {
        UUID(name): {
            **asdict(review_item(program, review)),
            "told": list[str](),
            "case_id": case.id,
            "workflow": case.workflow,
        }
        for name, review in case.reviews.items()
    }
    waiting = _waiting(program, replayed)
    if {row["id"]: row for row in found.of("task")} != expected | reviews | waiting:
        yield "I3", "its open work is not where its events say that it stands"
    keys = {
        (UUID(token.id), key.message, key.sender, key.value)
        for token in case.tokens.values()
        for key in awaited(program, token, case.fields)
    }
    rows = found.of("awaited")
    if {(row["task"], row["message"], row["sender"], row["value"]) for row in rows} != keys:
        yield "I3", "its waits do not know their messages by what its record holds"
    if not case.is_closed and not expected:
        yield "I9", "the case is open and nothing in it is"
    if case.is_closed and case.tokens:
        yield "I9", "the case is closed and something in it is open"


def _waiting(program: WorkflowProgram, replayed: Replayed) -> dict[UUID, DictRow]:
    """Return the row of what waits for a second person, by its id."""
    case, proposal = replayed.case, replayed.case.proposal
    if proposal is None:
        return {}
    since = replayed.events[proposal.event - 1].at
    item = waiting_item(program, case, proposal, since)
    row = {**asdict(item), "told": list(item.told), "case_id": case.id, "workflow": case.workflow}
    return {item.id: row}


def _item(program: WorkflowProgram, token: Token, step: Step, replayed: Replayed) -> DictRow:
    """Return the row of open work at a token."""
    case, clock = replayed.case, token.clock
    calendar = calendar_named(program.model, clock.calendar) if clock else PLAIN_TIME
    return {
        "case_id": case.id,
        "id": UUID(token.id),
        "workflow": case.workflow,
        "step": step.id,
        "kind": type(step).__name__.lower(),
        "role": step.role if isinstance(step, Task | Decision | Wait) else "",
        "post": token.post,
        "person": token.person,
        "opened_at": token.since,
        "due_at": runs_out(program, clock),
        "budget_ms": clock.budget_ms if clock else None,
        "spent_ms": clock.spent_ms(replayed.touched[token.id], calendar) if clock else None,
        "suspended": token.suspension.exception if token.suspension else None,
        "limit_at": wait_limit(program, token),
        "told": list(told_at(case.tokens, token)),
        "ends_at": ends_at(program, case.tokens, token),
    }


def _timers(company: Company, found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Each notice that is to come lies there once, at its time, and no other."""
    case = replayed.case
    program = company.program(case.model).workflows[case.workflow]
    expected = {
        UUID(token.id): (due, token.notices)
        for token in case.tokens.values()
        if (due := notice_at(program, token)) is not None
    }
    if case.proposal is not None and case.proposal.until is not None:
        expected[UUID(lapse_of(case.id, case.proposal))] = (case.proposal.until, 0)
    if {row["id"]: (row["at"], row["notice"]) for row in found.of("timer")} != expected:
        yield "I10", "its notices do not fall due when its clocks say"
    for passed, token in replayed.noticed:
        due = notice_at(_then(company, passed), token)
        if due is None or passed.at < due:
            yield "I10", f"event {passed.header['seq']} gives a notice before it fell due"


def _then(company: Company, passed: Passed) -> WorkflowProgram:
    """Return the workflow as it was when an event was decided."""
    return company.program(passed.header["model"]).workflows[passed.header["workflow"]]


def _calls(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Each call that an event asks for lies in the outbox, and no other, as far as it has come."""
    asked = {
        (UUID(call["token"]), passed.header["seq"], call["interface"])
        for passed in replayed.events
        for call in passed.body.get("asked", ())
    }
    rows = found.of("outbox")
    kept = {(row["id"], row["seq"], row["interface"]) for row in rows}
    if kept != asked or len(rows) != len(asked):
        yield "I6", "its calls are not those that its events ask for"
    for row in rows:
        token = replayed.case.tokens.get(str(row["id"]))
        failed = token is not None and token.suspension is not None
        standing = (token is not None, failed, token is not None and not failed)
        if (row["open"], row["failed"], row["due"]) != standing:
            yield "I6", f"the call `{row['step']}` is not as far as its events say"


def _commands(found: CaseRows, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Each key has one event, and each event one key, that of an import if it was imported."""
    kept = [(row["seq"], row["fingerprint"] == "import") for row in found.of("command")]
    passed = [event.header for event in replayed.events]
    if kept != [(header["seq"], header["origin"] == "import") for header in passed]:
        yield "I5", "its commands are not one for each of its events"


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
    duties = {
        row["obligation"]: (row["status"], row["due_at"], row["since"], row["seq"])
        for row in found.of("duty")
        if row["workflow"] == workflow
    }
    if duties != replayed.duties or len(duties) != len(found.of("duty")):
        yield "I3", "its obligations are not those that its events tell"
    measured = sorted(
        (row["seq"], row["metric"], row["value"], row["at"]) for row in found.of("measurement")
    )
    if measured != sorted(replayed.measured):
        yield "I3", "its measurements are not those that its events tell"


def _agreements(company: Company, replayed: Replayed) -> Iterator[tuple[str, str]]:
    """Count who voted for what several people decided together."""
    for passed in replayed.events:
        seq, body, places = passed.header["seq"], passed.body, _then(company, passed).places
        voter = replayed.voted.get(seq)
        if voter is not None and voter != body["actor"].get("person"):
            yield "I7", f"event {seq} keeps the vote of somebody else than who acted"
        step = places[body["step"]].step if passed.header["kind"] == "decided" else None
        if isinstance(step, Decision) and step.quorum is not None:
            votes = replayed.agreed.get(seq, ())
            people = {vote.person for vote in votes if vote.outcome == body["choice"]}
            if len(people) < step.needs(body["choice"]):
                yield "I7", f"event {seq} decides what fewer people voted for than must agree"
