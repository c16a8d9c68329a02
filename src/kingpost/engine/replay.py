"""Fold the events of one case, from their bytes and the vault, into what its rows should say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias, cast

from kingpost.decisions.case import Case, Token, Vote
from kingpost.decisions.changes import (
    Change,
    Draft,
    Left,
    Noticed,
    NotOwed,
    Owed,
    Resumed,
    StateSet,
    Voted,
)
from kingpost.decisions.sealing import COMMITMENT, read_change, read_instant, reveal
from kingpost.decisions.versions.renaming import Part, Renamed, renamed
from kingpost.proof.canonical import digest
from kingpost.proof.chain import commit
from kingpost.store.whole import CaseRows

# kind, name, since, until and how it ended; see `Visit`.
Stay: TypeAlias = tuple[str, str, datetime, datetime, str]
# status, due time, since when, and the event that made it so.
Duty: TypeAlias = tuple[str, datetime | None, datetime, int]
# event, metric, value and time.
Measured: TypeAlias = tuple[int, str, int, datetime]


class BrokenHistoryError(Exception):
    """The events of a case cannot follow each other."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One event as its bytes tell it."""

    header: Mapping[str, Any]
    body: Mapping[str, Any]
    hash: str
    at: datetime


@dataclass(slots=True)
class Replayed:
    """What the events of a case come to.

    duties: by obligation. touched: when something last happened at a token, by its id.
    noticed: events that give a notice, each with the token before it.
    voted, agreed: by event, who voted in it, and the votes at a decision that ended in it.
    """

    case: Case
    events: list[Passed] = field(default_factory=list[Passed])
    stays: list[Stay] = field(default_factory=list[Stay])
    duties: dict[str, Duty] = field(default_factory=dict[str, Duty])
    measured: list[Measured] = field(default_factory=list[Measured])
    touched: dict[str, datetime] = field(default_factory=dict[str, datetime])
    noticed: list[tuple[Passed, Token]] = field(default_factory=list["tuple[Passed, Token]"])
    voted: dict[int, str] = field(default_factory=dict[int, str])
    agreed: dict[int, tuple[Vote, ...]] = field(default_factory=dict[int, tuple[Vote, ...]])
    vault_faults: list[str] = field(default_factory=list[str])


def replay(found: CaseRows) -> Replayed:
    """Fold a case's events. Raises BrokenHistoryError, when one cannot follow the one before."""
    row = found.of("case_file")[0]
    events = [_passed(event["header"], event["body"]) for event in found.of("event")]
    case = Case(found.case, row["number"], row["workflow"], events[0].header["model"], events[0].at)
    replayed = Replayed(case, events)
    secrets = _secrets(found, replayed)
    draft = Draft(case, events[0].at)
    for passed in events:
        draft.at = passed.at
        seq = passed.header["seq"]
        before, model = dict(draft.tokens), draft.model
        for written in reveal(passed.body["changes"], secrets.get(seq, {})):
            change = read_change(written)
            try:
                _note(replayed, draft, change, seq)
                _note_votes(replayed, draft, change, seq)
                _note_notice(replayed, draft, change, passed)
                draft.apply(change)
            except KeyError as error:
                message = f"event {seq} changes `{error.args[0]}`, which is not open then"
                raise BrokenHistoryError(message) from error
        # Of a block that is told to be late, the work inside is told as well; and in another
        # version all work may be other work.
        told = model != draft.model or any(
            before[name].told != token.told
            for name, token in draft.tokens.items()
            if name in before
        )
        for name, token in draft.tokens.items():
            if told or before.get(name) != token:
                replayed.touched[name] = passed.at
        for item in passed.body.get("measured", ()):
            replayed.measured.append((seq, item["metric"], item["value"], passed.at))
    replayed.case = draft.finish(len(events), events[-1].hash)
    return replayed


def _passed(header: bytes, body: bytes) -> Passed:
    told: dict[str, Any] = json.loads(header)
    return Passed(told, json.loads(body), digest(header), read_instant(told["at"]))


def _note(replayed: Replayed, draft: Draft, change: Change, seq: int) -> None:
    """Note the stays that a change ends, and what it makes of an obligation."""
    at = draft.at
    match change:
        case StateSet():
            if draft.state_since is not None:
                stay = ("state", draft.state, draft.state_since, at, "completed")
                replayed.stays.append(stay)
        case Left() | Resumed():
            token = draft.tokens[change.token]
            why = token.suspension
            if why is not None:
                replayed.stays.append(("exception", why.exception, why.since, at, "completed"))
            if isinstance(change, Left):
                replayed.stays.append(("step", token.step, token.since, at, change.how))
        case Owed():
            replayed.duties[change.obligation] = ("owed", change.due, at, seq)
        case NotOwed():
            due = draft.owed[change.obligation]
            replayed.duties[change.obligation] = (change.why, due, at, seq)
        case _:
            return


def _note_notice(replayed: Replayed, draft: Draft, change: Change, passed: Passed) -> None:
    """Note a notice that is given, and obligations that have another name from now on."""
    if isinstance(change, Noticed):
        replayed.noticed.append((passed, draft.tokens[change.token]))
    elif isinstance(change, Renamed) and change.part is Part.OBLIGATION:
        replayed.duties = renamed(replayed.duties, dict(change.names))


def _note_votes(replayed: Replayed, draft: Draft, change: Change, seq: int) -> None:
    """Note who votes, and which votes a decision ends with."""
    if isinstance(change, Voted):
        replayed.voted[seq] = change.vote.person
    elif isinstance(change, Left) and draft.tokens[change.token].votes:
        replayed.agreed[seq] = draft.tokens[change.token].votes


def _secrets(found: CaseRows, replayed: Replayed) -> dict[int, dict[str, Any]]:
    """Return the vault's values by sequence and name; compare each with its commitment."""
    kept: dict[tuple[int, str], Mapping[str, Any]] = {
        (row["seq"], row["name"]): row for row in found.of("vault")
    }
    secrets: dict[int, dict[str, Any]] = {}
    for passed in replayed.events:
        seq = passed.header["seq"]
        for name, commitment in _commitments(passed.body):
            row = kept.pop((seq, name), None)
            if row is None:
                replayed.vault_faults.append(f"the value `{name}` of event {seq} is gone")
                continue
            if commit(_field(name), row["salt"], row["value"]) != commitment:
                replayed.vault_faults.append(f"the value `{name}` of event {seq} was changed")
            secrets.setdefault(seq, {})[name] = row["value"]
    replayed.vault_faults.extend(f"no event {seq} has a value `{name}`" for seq, name in kept)
    return secrets


def _field(name: str) -> str:
    """Return the field of a vault's name: `note` for `field/note/0` and for `rule/x/note/0`."""
    return name.split("/")[-2] if "/" in name else name


def _commitments(written: object) -> Iterator[tuple[str, str]]:
    if isinstance(written, dict):
        members = cast("dict[str, Any]", written)
        if COMMITMENT in members:
            yield members["name"], members[COMMITMENT]
            return
        for value in members.values():
            yield from _commitments(value)
    elif isinstance(written, list):
        for item in cast("list[object]", written):
            yield from _commitments(item)
