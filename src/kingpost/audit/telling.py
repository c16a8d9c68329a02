"""The events of a case, read from their bytes: whole, in a chain, with their personal values."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias, cast

from psycopg.rows import DictRow

from kingpost.store.whole import CaseRows

Members: TypeAlias = dict[str, Any]
Found: TypeAlias = Iterator[tuple[str, str]]

_GENESIS = "0" * 64
_COMMITTED = "$commitment"
_DOMAIN = b"kingpost/commitment/1\x00"
# Between deciding and writing down lie a wait for locks, and a clock that may be set meanwhile.
_DELAY_MAX = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """One event. changes: with the personal values put back; what was erased is empty.

    at: when it happened. decided, recorded: when it was decided, and when it was written down.
    """

    seq: int
    kind: str
    at: datetime
    decided: datetime
    recorded: datetime
    hash: str
    header: Members
    body: Members
    changes: list[Members]

    @property
    def actor(self) -> Members:
        """Return who acted, and by which right."""
        return self.body["actor"]

    @property
    def is_live(self) -> bool:
        """Tell whether it was decided here, and not taken over from elsewhere."""
        return self.header["origin"] == "live"


def read_events(rows: CaseRows) -> list[Told]:
    """Read the events of a case. Raises ValueError, KeyError or TypeError when they do not read."""
    values = {(row["seq"], row["name"]): row["value"] for row in rows.of("vault")}
    return [_read(row, values) for row in rows.of("event")]


def _read(row: DictRow, values: Mapping[tuple[int, str], Any]) -> Told:
    header, body = json.loads(row["header"]), json.loads(row["body"])
    seq = header["seq"]
    return Told(
        seq=seq,
        kind=header["kind"],
        at=datetime.fromisoformat(header["at"]),
        decided=datetime.fromisoformat(header["recorded"]),
        recorded=row["recorded_at"],
        hash=sha256(row["header"]).hexdigest(),
        header=header,
        body=body,
        changes=[_opened(change, seq, values) for change in body["changes"]],
    )


def _opened(written: Any, seq: int, values: Mapping[tuple[int, str], Any]) -> Any:  # noqa: ANN401 - any part of a body
    if isinstance(written, dict):
        members = cast("Members", written)
        if _COMMITTED in members:
            return values.get((seq, members["name"]))
        return {name: _opened(value, seq, values) for name, value in members.items()}
    if isinstance(written, list):
        return [_opened(item, seq, values) for item in cast("list[Any]", written)]
    return written


def chain_faults(rows: CaseRows, told: list[Told]) -> Found:
    """Yield where the events are no chain of their own, or their columns say something else."""
    case, previous = str(rows.case), _GENESIS
    for number, (row, event) in enumerate(zip(rows.of("event"), told, strict=True), start=1):
        header, body = event.header, event.body
        if _bytes(header) != row["header"] or _bytes(body) != row["body"]:
            yield "I2", f"event {number} is not in the one form that its digest is of"
        if (event.seq, row["seq"]) != (number, number):
            yield "I2", f"event {number} is missing: found {row['seq']}"
            return
        if header["prev"] != previous:
            yield "I2", f"event {number} does not follow the event before it"
        if header["body"] != sha256(row["body"]).hexdigest():
            yield "I2", f"event {number} has another body than its header says"
        columns = (row["hash"], row["kind"], row["at"], row["step"], row["person"], header["case"])
        person = event.actor.get("person")
        if columns != (event.hash, event.kind, event.at, body.get("step"), person, case):
            yield "I2", f"the columns of event {number} differ from its bytes"
        if event.is_live and abs(event.recorded - event.decided) > _DELAY_MAX:
            yield "I2", f"event {number} was not written down when it was decided"
        previous = event.hash


def vault_faults(rows: CaseRows, told: list[Told]) -> Found:
    """Yield the personal values that are not those which the events are bound to."""
    bound = {
        (event.seq, name): commitment
        for event in told
        for name, commitment in _commitments(event.body)
    }
    for row in rows.of("vault"):
        seq, name = row["seq"], row["name"]
        commitment = bound.pop((seq, name), None)
        if commitment is None:
            yield "I12", f"no event {seq} has a value `{name}`"
            continue
        # `field/note/0` and `rule/x/note/0` are values of `note`.
        field = name.split("/")[-2] if "/" in name else name
        bytes_ = _DOMAIN + _bytes([field, row["salt"].hex(), row["value"]])
        if sha256(bytes_).hexdigest() != commitment:
            yield "I12", f"the value `{name}` of event {seq} was changed"
    for seq, name in bound:
        yield "I12", f"the value `{name}` of event {seq} is gone"


def _commitments(written: object) -> Iterator[tuple[str, str]]:
    if isinstance(written, dict):
        members = cast("Members", written)
        if _COMMITTED in members:
            yield members["name"], members[_COMMITTED]
        else:
            for value in members.values():
                yield from _commitments(value)
    elif isinstance(written, list):
        for item in cast("list[object]", written):
            yield from _commitments(item)


def _bytes(value: object) -> bytes:
    """Return the one form of a value: members in order, nothing between them, no escapes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()
