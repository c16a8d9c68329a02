"""The chain of a case's events: headers without personal data, bodies by digest."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from kingpost.proof.canonical import Json, canonical_unchecked, digest

FORMAT = 1
GENESIS = "0" * 64

_COMMITMENT_DOMAIN = b"kingpost/commitment/1\x00"


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is kept: the exact bytes, and the digest that the next one points to.

    header: canonical bytes with format, case, seq, kind, model, times, prev and body digest.
    body:   canonical bytes of the decision record; personal values stand in it as commitments.
    hash:   SHA-256 of `header`, 64 hexadecimal digits.
    """

    header: bytes
    body: bytes
    hash: str


def link(header: Mapping[str, Json], body: Json, previous: str) -> Link:
    """Return the event that follows `previous`.

    header:   without `format`, `prev` and `body`, which are added here.
    previous: hash of the event before, or GENESIS for the first.
    """
    body_bytes = canonical_unchecked(body)
    whole = {**header, "format": FORMAT, "prev": previous, "body": digest(body_bytes)}
    header_bytes = canonical_unchecked(whole)
    return Link(header_bytes, body_bytes, digest(header_bytes))


def commit(field: str, salt: bytes, value: Json) -> str:
    """Return the commitment to a personal value: it binds, and tells nothing without the salt.

    salt: 32 bytes, fresh for each value.
    """
    written = canonical_unchecked([field, salt.hex(), value])
    return sha256(_COMMITMENT_DOMAIN + written).hexdigest()


def check_chain(links: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return why the (header, body) pairs of one case are not its whole chain, or None.

    The pairs come in order of sequence. Bytes that are not canonical are a fault as well.
    """
    previous, case = GENESIS, None
    for seq, (header_bytes, body_bytes) in enumerate(links, start=1):
        header = cast("dict[str, Any]", json.loads(header_bytes))
        case = header["case"] if case is None else case
        if canonical_unchecked(header) != header_bytes:
            return f"event {seq} is not in canonical form"
        if header["case"] != case:
            return f"event {seq} belongs to another case"
        if header["seq"] != seq:
            return f"event {seq} is missing: found {header['seq']}"
        if header["prev"] != previous:
            return f"event {seq} does not follow the event before it"
        if header["body"] != digest(body_bytes):
            return f"the body of event {seq} does not match its header"
        previous = digest(header_bytes)
    return None
