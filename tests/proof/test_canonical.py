"""Canonical bytes: as RFC 8785 has them, inside a narrower profile; all else is refused."""

import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kingpost.proof.canonical import (
    DEPTH_MAX,
    INTEGER_MAX,
    Json,
    NotCanonicalError,
    canonical,
    check_canonical,
    digest,
    read_canonical,
)

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "jcs-vectors" / "jcs-vectors.tar.gz"
# What the published vectors hold that the profile leaves out.
OUTSIDE = {
    "values": "a float has no canonical form",
    "weird": "a key must be ASCII text",
    "unicode": "text must be in Unicode normal form C",
    "arrays": None,
    "french": "a key must be ASCII text",
    "structures": None,
}


def normal(text: str) -> bool:
    try:
        canonical(text)
    except NotCanonicalError:
        return False
    return True


def whole_or_float(text: str) -> int | float:
    """Return `56.0` as the integer that the canonical form writes."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) <= INTEGER_MAX else number


TEXTS = st.text().filter(normal)
KEYS = st.text(st.characters(max_codepoint=127))
SCALARS = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | TEXTS
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=30
)


@given(value=VALUES)
def test_inside_the_profile_the_bytes_are_those_of_another_implementation(value: Json) -> None:
    assert canonical(value) == rfc8785.dumps(cast("Any", value))


@given(value=VALUES)
def test_what_is_written_reads_back(value: Json) -> None:
    assert read_canonical(canonical(value)) == value


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_published_vectors(name: str) -> None:
    if not VECTORS.exists():
        pytest.skip("the published vectors of RFC 8785 are not on this machine")
    with tarfile.open(VECTORS) as archive:
        given_, expected = (
            archive.extractfile(f"testdata/{folder}/{name}.json") for folder in ("input", "output")
        )
        assert given_ is not None
        assert expected is not None
        value, wanted = json.loads(given_.read(), parse_float=whole_or_float), expected.read()

    refused = OUTSIDE[name]

    if refused is None:
        assert canonical(value) == wanted
        return
    with pytest.raises(NotCanonicalError, match=refused):
        canonical(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.5, "$: a float has no canonical form"),
        ({"a": [0, float("nan")]}, "$.a[1]: a float has no canonical form"),
        (2**53, "$: an integer beyond 2^53 is written as text"),
        ([-(2**53)], "$[0]: an integer beyond 2^53 is written as text"),
        ({"ä": 1}, "$: a key must be ASCII text, got 'ä'"),
        ({1: 1}, "$: a key must be ASCII text, got 1"),
        ("e\u0301", "$: text must be in Unicode normal form C"),
        ({"a": "\ud800"}, "$.a: text must not hold half a surrogate pair"),
        ({"a": {1}}, "$.a: a set has no canonical form"),
        (b"a", "$: a bytes has no canonical form"),
    ],
)
def test_what_is_outside_the_profile_is_refused_by_its_place(value: object, message: str) -> None:
    with pytest.raises(NotCanonicalError) as refused:
        check_canonical(value)

    assert str(refused.value) == message


def test_depth_is_bounded() -> None:
    value: Any = 1
    for _ in range(DEPTH_MAX):
        value = [value]
    assert canonical(value)

    with pytest.raises(NotCanonicalError, match="nested more than 64 deep"):
        canonical([value])


def test_any_mapping_and_any_sequence_will_do() -> None:
    empty: Mapping[str, Json] = MappingProxyType({})
    value: Mapping[str, Json] = MappingProxyType({"b": (1, 2), "a": empty})

    assert canonical(value) == b'{"a":{},"b":[1,2]}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b"1.0",
        b"1e3",
        b"NaN",
        b"01",
        b'"\\u0041"',
        b'"e\xcc\x81"',
        b'"\\ud800"',
        b"[" * 100_000,
        b"1" * 5000,
        b"{}\n",
    ],
)
def test_only_the_one_text_of_a_value_is_read(content: bytes) -> None:
    with pytest.raises(NotCanonicalError):
        read_canonical(content)


def test_a_digest_is_the_one_of_the_standard() -> None:
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
