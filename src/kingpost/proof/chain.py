"""The chain of a case's events: headers without personal data, bodies by digest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from kingpost.proof.canonical import (
    Json,
    NotCanonicalError,
    canonical_unchecked,
    digest,
    read_canonical,
)

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


def check_chain(links: Iterable[tuple[bytes, bytes]], head: str | None = None) -> str | None:
    """Return why the (header, body) pairs of one case are not its whole chain, or None.

    links: in order of sequence. Bytes that are not canonical are a fault as well.
    head:  hash of the last header, as it is kept elsewhere. Without it nobody can tell whether the
           last event was edited or the end is missing.
    """
    previous, case = GENESIS, None
    for seq, (header_bytes, body_bytes) in enumerate(links, start=1):
        try:
            header = read_canonical(header_bytes)
            read_canonical(body_bytes)
        except NotCanonicalError as error:
            return f"event {seq} is not in canonical form: {error}"
        if not isinstance(header, Mapping):
            return f"event {seq} has no header"
        case = header.get("case") if case is None else case
        fault = _fault(header, {"case": case, "seq": seq, "prev": previous}, digest(body_bytes))
        if fault is not None:
            return f"event {seq} {fault}"
        previous = digest(header_bytes)
    if head is not None and previous != head:
        return "the last event is not the one that the head names"
    return None


def _fault(header: Mapping[str, Json], expected: Mapping[str, Json], body: str) -> str | None:
    if header.get("format") != FORMAT:
        return f"is of format {header.get('format')}: this program reads {FORMAT}"
    if header.get("case") != expected["case"]:
        return "belongs to another case"
    if header.get("seq") != expected["seq"]:
        return f"is missing: found {header.get('seq')}"
    if header.get("prev") != expected["prev"]:
        return "does not follow the event before it"
    if header.get("body") != body:
        return "has a body that does not match its header"
    return None
