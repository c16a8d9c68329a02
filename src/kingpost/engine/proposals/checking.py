"""Look over proposals: their chains, what follows from them, and the rights they rest on."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.consenting.proposal import (
    Happened,
    Kind,
    Proposal,
    chain_of,
    fold,
)
from kingpost.decisions.consenting.tally import barred, lacking
from kingpost.engine.company import Company, ModelChangedError
from kingpost.engine.fault import Fault
from kingpost.engine.plans.applying import wanted_by
from kingpost.engine.plans.saving import saved
from kingpost.engine.rights import Rights
from kingpost.proof.chain import check_chain
from kingpost.store.changing import plans, proposals
from kingpost.values.identity import derive

# As for the events of a case.
_DELAY_MAX = timedelta(minutes=10)


def proposal_faults(
    company: Company, connection: Connection[DictRow], rights: Rights
) -> Iterator[Fault]:
    """Yield what is wrong with proposals, and with changes that needed one."""
    found: dict[str, Proposal] = {}
    for row, rows in proposals.whole(connection):
        place = f"proposal {row['plan'][:12]}"
        broken = check_chain((each["header"], each["body"]) for each in rows)
        if broken is not None:
            yield Fault("I2", place, broken)
            continue
        try:
            told = proposals.events(connection, row["plan"])
            proposal = fold(row["plan"], ((event, each["hash"]) for event, each in told))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            words = f"its bytes do not read: {type(error).__name__}: {error}"
            yield Fault("I2", place, words)
            continue
        found[row["plan"]] = proposal
        for event, each in told:
            yield from (Fault(name, place, words) for name, words in _event(event, each, rights))
        kept = (row["version"], row["head"], row["state"], row["person"])
        if kept != (proposal.version, proposal.head, proposal.state.value, proposal.by):
            yield Fault("I3", place, "its row is not what its events tell")
    yield from _changes(company, connection, found)


def _event(event: Happened, row: DictRow, rights: Rights) -> Iterator[tuple[str, str]]:
    kept = (row["kind"], row["person"], row["at"], chain_of(row["plan"]))
    if kept != (event.kind.value, event.person, event.at, _chain(row)):
        yield "I2", f"the columns of event {event.seq} differ from its bytes"
    if abs(row["recorded_at"] - event.at) > _DELAY_MAX:
        yield "I2", f"event {event.seq} was not written down when it was done"
    hands = event.body.get("answers", [event.body["as"]] if "as" in event.body else [])
    for hand in hands:
        yield from (
            ("I7", f"event {event.seq} rests on {words}")
            for words in _hand(hand, event, rights, (event.at, row["recorded_at"]))
        )


def _chain(row: DictRow) -> str:
    return chain_of(row["plan"]) if f'"{row["plan"]}"'.encode() in row["header"] else ""


def _hand(
    hand: dict[str, Any], event: Happened, rights: Rights, times: tuple[datetime, ...]
) -> Iterator[str]:
    holder = hand.get("delegated-by", event.person)
    right = rights.appointments.get(hand["right"])
    if right is None or (right["person"], right["post"]) != (holder, hand["held"]):
        yield "an appointment that is not there"
    elif not _ran(right, times):
        yield "an appointment that did not run then"
    if hand["held"] != hand["post"] and hand.get("via") != "vacancy":
        yield "another post than the one that is asked"
    if "delegation" in hand:
        row = rights.delegations.get(hand["delegation"])
        if row is None or (str(row["appointment"]), row["person"]) != (hand["right"], event.person):
            yield "a delegation that is not there"
        elif not _ran(row, times):
            yield "a delegation that did not run then"
        elif row["workflows"] or row["outcomes"]:
            yield "a delegation that does not reach so far"


def _ran(row: DictRow, times: tuple[datetime, ...]) -> bool:
    start, stop = row["start"], row["stop"]
    return start is not None and min(times) >= start and (stop is None or max(times) < stop)


def _changes(
    company: Company, connection: Connection[DictRow], found: dict[str, Proposal]
) -> Iterator[Fault]:
    """Hold what took effect against what was said to it."""
    began = plans.began(connection)
    for row in plans.find(connection, ""):
        place, proposal = f"plan {row['digest'][:12]}", found.get(row["digest"])
        yield from (Fault("I14", place, words) for words in _row(row, proposal, began))
        if row["carry_over"] is None:
            continue
        try:
            for version in (row["running"], row["version"]):
                company.program_on(connection, version)
            wanted = wanted_by(company, saved(row))
        except ModelChangedError:
            continue  # Which is told of the version itself.
        answers = proposal.answers if proposal is not None else ()
        proposer = proposal.by if proposal is not None else ""
        if lacking(wanted, answers, barred(row["person"], proposer, row["applied_by"])):
            yield Fault("I14", place, "it took effect without the approvals that it needed")


def _row(
    row: DictRow, proposal: Proposal | None, began: Mapping[UUID, str | None]
) -> Iterator[str]:
    """Hold the row of a plan against its name, its receipt and its proposal.

    began: every change that let live cases go over, by who let it begin.
    """
    change = derive(f"plan/{row['digest']}")
    applied = [] if row["carry_over"] is None else [str(row["carry_over"])]
    if plans.read(row).digest != row["digest"]:
        yield "it is not what its name says"
    if applied not in ([], [str(change)]):
        yield "what came of it is not its own"
    if not applied and change in began:
        yield "it was applied, and is told not to have been"
    elif applied and row["applied_by"] != began.get(change):
        yield "who applied it is not who let the change begin"
    if proposal is not None and row["applied_by"] is not None:
        told = [
            (event.body.get("change"), event.person)
            for event in proposal.events
            if event.kind is Kind.APPLIED
        ]
        if told != [(each, row["applied_by"]) for each in applied]:
            yield "what came of it is not what its proposal tells"
