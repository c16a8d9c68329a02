"""Canonical bytes: the one text of a value, so that its digest means something."""

import json
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from typing import TypeAlias, cast

Json: TypeAlias = "None | bool | int | str | list[Json] | tuple[Json, ...] | Mapping[str, Json]"

_INTEGER_MAX = 2**53 - 1

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


class NotCanonicalError(ValueError):
    """A value has no canonical form in the profile of this system."""


def canonical(value: Json) -> bytes:
    """Return the canonical bytes of a value.

    value:  text in normal form C, integers within 2^53, booleans, null, lists and mappings with
            ASCII keys. No floats: a decimal is written as text.
    Raises: NotCanonicalError, naming the offending part.
    Source: RFC 8785, narrowed. With ASCII keys, sorting by code point is sorting by UTF-16 unit.
    """
    check_canonical(value)
    return canonical_unchecked(value)


def canonical_unchecked(value: Json) -> bytes:
    """Return the canonical bytes of a value that is known to be inside the profile."""
    return _encode(value).encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def check_canonical(value: object, path: str = "$") -> None:
    """Raise NotCanonicalError for the first part of `value` that is outside the profile."""
    match value:
        case None | bool():
            return
        case str():
            _check_text(value, path)
        case int():
            if abs(value) > _INTEGER_MAX:
                raise NotCanonicalError(f"{path}: an integer beyond 2^53 is written as text")
        case list() | tuple():
            for index, item in enumerate(cast("list[object]", value)):
                check_canonical(item, f"{path}[{index}]")
        case Mapping():
            _check_members(cast("Mapping[object, object]", value), path)
        case _:
            raise NotCanonicalError(f"{path}: a {type(value).__name__} has no canonical form")


def _check_members(value: Mapping[object, object], path: str) -> None:
    for key, item in value.items():
        if not isinstance(key, str) or not key.isascii():
            raise NotCanonicalError(f"{path}: a key must be ASCII text, got {key!r}")
        check_canonical(item, f"{path}.{key}")


def _check_text(value: str, path: str) -> None:
    if value.isascii():
        return
    if not unicodedata.is_normalized("NFC", value):
        raise NotCanonicalError(f"{path}: text must be in Unicode normal form C")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise NotCanonicalError(f"{path}: text must not hold half a surrogate pair")
