"""Look over the rights on which acts rest, and over the history of the register.

It recomputes from the rows of the register what every live act says of its own right; it shares
nothing with what decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import AGENT
from kingpost.decisions.sealing import read_instant
from kingpost.engine.fault import Fault
from kingpost.engine.replay import Passed, Replayed
from kingpost.engine.restructuring.checking import Known
from kingpost.store import whole
from kingpost.store.whole import CaseRows


@dataclass(frozen=True, slots=True)
class Rights:
    """The rows of the register by id, and who acted for the posts of earlier versions."""

    appointments: Mapping[str, DictRow]
    delegations: Mapping[str, DictRow]
    changes: Known


def register_faults(connection: Connection[DictRow]) -> Iterator[Fault]:
    """Yield what the register says and its history does not."""
    for row in whole.register_gaps(connection):
        words = "it is not what the history of the register says"
        yield Fault("I7", f"{row['name']} {row['id']}", words)


def authority_faults(found: CaseRows, replayed: Replayed, rights: Rights) -> Iterator[str]:
    """Yield each live act of a person that rests on no right that ran when it was recorded."""
    for row, passed in zip(found.of("event"), replayed.events, strict=True):
        actor = passed.body.get("actor", {})
        if passed.header["origin"] != "live" or "right" not in actor:
            continue
        times = (row["recorded_at"], read_instant(passed.header["recorded"]))
        place = f"event {row['seq']} rests on"
        holder = actor.get("delegated-by", actor["person"])
        right = rights.appointments.get(actor["right"])
        held = actor.get("holds", actor["post"])
        if right is None or (right["person"], right["post"]) != (holder, held):
            yield f"{place} an appointment that is not there"
        elif held != actor["post"] and not rights.changes.acted_for(actor["post"], held, times[0]):
            yield f"{place} a post that had not taken over `{actor['post']}`"
        elif not _ran(right, times):
            yield f"{place} an appointment that did not run then"
        yield from (f"{place} {words}" for words in _answered(actor, rights, times))
        if "delegation" in actor or "delegated-by" in actor:
            yield from (f"{place} {words}" for words in _lent(passed, actor, rights, times))


def _answered(
    actor: Mapping[str, Any], rights: Rights, times: tuple[datetime, ...]
) -> Iterator[str]:
    told = actor.get("answered-for")
    if told is None:
        if actor["kind"] == AGENT:
            yield "an agent for which nobody answers"
        return
    row = rights.appointments.get(told["right"])
    if row is None or (row["person"], row["post"]) != (told["person"], told["post"]):
        yield "somebody who answers for an agent and is not there"
    elif not _ran(row, times):
        yield "somebody who did not answer for the agent then"


def _lent(
    passed: Passed, actor: Mapping[str, Any], rights: Rights, times: tuple[datetime, ...]
) -> Iterator[str]:
    row = rights.delegations.get(actor.get("delegation", ""))
    if row is None or (str(row["appointment"]), row["person"]) != (actor["right"], actor["person"]):
        yield "a delegation that is not there"
        return
    if not _ran(row, times):
        yield "a delegation that did not run then"
    if not _reaches(row, passed) or row["condition"] != actor.get("delegated-when"):
        yield "a delegation that does not reach so far"


def _reaches(row: DictRow, passed: Passed) -> bool:
    """Tell whether what was done lies in the scope of a delegation, by the names alone."""
    workflow, step = passed.header["workflow"], passed.body.get("step")
    if row["workflows"] and workflow not in row["workflows"]:
        return False
    if not row["outcomes"]:
        return True
    if passed.header["kind"] == "decided":
        return f"{workflow}/{step}/{passed.body.get('choice')}" in row["outcomes"]
    return any(name.rpartition("/")[0] == f"{workflow}/{step}" for name in row["outcomes"])


def _ran(row: DictRow, times: tuple[datetime, ...]) -> bool:
    start, stop = row["start"], row["stop"]
    return start is not None and min(times) >= start and (stop is None or max(times) < stop)
