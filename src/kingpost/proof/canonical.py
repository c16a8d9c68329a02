"""Canonical bytes: the one text of a value, so that its digest means something."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias, cast

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 64


def _as_dict(value: object) -> dict[str, Json]:
    """Return a mapping that is no dict as one; the encoder asks for it."""
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Json]", value))
    raise TypeError(f"a {type(value).__name__} has no canonical form")


_encode = json.JSONEncoder(
    ensure_ascii=False,
    sort_keys=True,
    separators=(",", ":"),
    allow_nan=False,
    default=_as_dict,
    # What holds itself is nested too deeply, which is refused as well; looking out for it costs.
    check_circular=False,
).encode


class NotCanonicalError(ValueError):
    """A value has no canonical form in the profile of this system."""


def canonical(value: Json) -> bytes:
    """Return the canonical bytes of a value.

    value:  text in normal form C, integers within 2^53, booleans, null, lists and mappings with
            ASCII keys, nested not too deeply. No floats: a decimal is written as text.
    Raises: NotCanonicalError, naming the offending part.
    Source: RFC 8785, narrowed. With ASCII keys, sorting by code point is sorting by UTF-16 unit.
    """
    if not _fits(value, 0):
        check_canonical(value)
    return canonical_unchecked(value)


def canonical_unchecked(value: Json) -> bytes:
    """Return the canonical bytes of a value that is known to be inside the profile."""
    return _encode(value).encode()


def read_canonical(content: bytes) -> Json:
    """Return the value of canonical bytes.

    Raises: NotCanonicalError, when the bytes are not the one text of a value in the profile.
    """
    try:
        value: Json = json.loads(content)
        whole = canonical(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(str(error)) from error
    if whole != content:
        raise NotCanonicalError("the same value is written in another way")
    return value


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def _fits(value: object, depth: int) -> bool:
    """Tell whether a value is plainly inside the profile; for the usual value, and fast.

    What it does not know is left to `check_canonical`, which names what is wrong.
    """
    if depth > DEPTH_MAX:
        return False
    kind = type(value)
    if kind is str:
        return cast("str", value).isascii()
    if kind is dict:
        for key, item in cast("dict[str, object]", value).items():
            if not (type(key) is str and key.isascii() and _fits(item, depth + 1)):
                return False
        return True
    if kind is list:
        return all(_fits(item, depth + 1) for item in cast("list[object]", value))
    return value is None or kind is bool or (kind is int and abs(cast("int", value)) <= INTEGER_MAX)


def check_canonical(value: object, path: str = "$", depth: int = 0) -> None:  # noqa: C901 - one case a kind
    """Raise NotCanonicalError for the first part of `value` that is outside the profile."""
    if depth > DEPTH_MAX:
        raise NotCanonicalError(f"{path}: nested more than {DEPTH_MAX} deep")
    match value:
        case None | bool():
            return
        case str():
            _check_text(value, path)
        case int():
            if abs(value) > INTEGER_MAX:
                raise NotCanonicalError(f"{path}: an integer beyond 2^53 is written as text")
        case list() | tuple():
            for index, item in enumerate(cast("list[object]", value)):
                check_canonical(item, f"{path}[{index}]", depth + 1)
        case Mapping():
            _check_members(cast("Mapping[object, object]", value), path, depth)
        case _:
            raise NotCanonicalError(f"{path}: a {type(value).__name__} has no canonical form")


def _check_members(value: Mapping[object, object], path: str, depth: int) -> None:
    for key, item in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise NotCanonicalError(f"{path}: a key must be ASCII text, got {key!r}")
        check_canonical(item, f"{path}.{key}", depth + 1)


def _check_text(value: str, path: str) -> None:
    if value.isascii():
        return
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise NotCanonicalError(f"{path}: text must not hold half a surrogate pair")
    if not unicodedata.is_normalized("NFC", value):
        raise NotCanonicalError(f"{path}: text must be in Unicode normal form C")
