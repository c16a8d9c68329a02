"""The chain of a case: what is edited, dropped, swapped, repeated or cut is found."""

import json
from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.proof.canonical import canonical, digest
from kingpost.proof.chain import GENESIS, check_chain, commit, link

Pairs = list[tuple[bytes, bytes]]
SALT = bytes(range(32))


def chain(length: int = 4, case: str = "c") -> tuple[Pairs, str]:
    previous, pairs = GENESIS, Pairs()
    for seq in range(1, length + 1):
        made = link({"case": case, "seq": seq, "kind": "completed"}, {"n": seq}, previous)
        pairs.append((made.header, made.body))
        previous = made.hash
    return pairs, previous


def edited(pair: tuple[bytes, bytes], **members: object) -> tuple[bytes, bytes]:
    header = json.loads(pair[0]) | members
    return canonical(header), pair[1]


def with_(pairs: Pairs, at: int, pair: tuple[bytes, bytes]) -> Pairs:
    return [*pairs[:at], pair, *pairs[at + 1 :]]


def test_a_whole_chain_has_no_fault() -> None:
    pairs, head = chain()

    assert check_chain(pairs) is None
    assert check_chain(pairs, head) is None
    assert check_chain([]) is None


def test_a_header_says_what_it_stands_on() -> None:
    pairs, _ = chain(1)

    assert json.loads(pairs[0][0]) == {
        "format": 1,
        "case": "c",
        "seq": 1,
        "kind": "completed",
        "prev": "0" * 64,
        "body": digest(b'{"n":1}'),
    }


SPOILT: list[tuple[Callable[[Pairs], Pairs], str]] = [
    (
        lambda pairs: with_(pairs, 1, edited(pairs[1], kind="decided")),
        "event 3 does not follow the event before it",
    ),
    (
        lambda pairs: with_(pairs, 1, (pairs[1][0], b'{"n":7}')),
        "event 2 has a body that does not match its header",
    ),
    (lambda pairs: [pairs[0], *pairs[2:]], "event 2 is missing: found 3"),
    (lambda pairs: pairs[1:], "event 1 is missing: found 2"),
    (lambda pairs: [pairs[0], pairs[2], pairs[1], pairs[3]], "event 2 is missing: found 3"),
    (lambda pairs: [pairs[0], pairs[0], *pairs[1:]], "event 2 is missing: found 1"),
    (lambda pairs: pairs[:-1], "the last event is not the one that the head names"),
    (lambda _: [], "the last event is not the one that the head names"),
    (
        lambda pairs: with_(pairs, 3, edited(pairs[3], kind="decided")),
        "the last event is not the one that the head names",
    ),
    (
        lambda pairs: with_(pairs, 2, edited(pairs[2], case="d")),
        "event 3 belongs to another case",
    ),
    (
        lambda pairs: with_(pairs, 0, edited(pairs[0], format=2)),
        "event 1 is of format 2: this program reads 1",
    ),
    (
        lambda pairs: with_(pairs, 0, (pairs[0][0].replace(b'":', b'": ', 1), pairs[0][1])),
        "event 1 is not in canonical form: the same value is written in another way",
    ),
    (
        lambda pairs: with_(pairs, 0, (b"", pairs[0][1])),
        "event 1 is not in canonical form: Expecting value: line 1 column 1 (char 0)",
    ),
    (lambda pairs: with_(pairs, 0, (b"[]", pairs[0][1])), "event 1 has no header"),
    (
        lambda pairs: with_(pairs, 0, (b"{}", pairs[0][1])),
        "event 1 is of format None: this program reads 1",
    ),
    (lambda pairs: [*pairs, pairs[3]], "event 5 is missing: found 4"),
]


@pytest.mark.parametrize(("spoil", "fault"), SPOILT, ids=range(len(SPOILT)))
def test_a_spoilt_chain_is_told_by_its_first_fault(
    spoil: Callable[[Pairs], Pairs], fault: str
) -> None:
    pairs, head = chain()

    assert check_chain(spoil(pairs), head) == fault


def test_only_one_order_is_the_chain() -> None:
    pairs, head = chain(3)

    assert [order for order in permutations(pairs) if check_chain(order, head) is None] == [
        tuple(pairs)
    ]


def test_a_chain_of_another_case_does_not_pass_for_its_own() -> None:
    pairs, _ = chain()
    others, head = chain(case="d")

    assert check_chain([*pairs[:2], *others[2:]], head) is not None


@given(
    event=st.integers(0, 3), part=st.integers(0, 1), at=st.integers(0, 500), by=st.integers(1, 255)
)
def test_any_single_byte_that_is_changed_is_found(event: int, part: int, at: int, by: int) -> None:
    pairs, head = chain()
    halves = [bytearray(half) for half in pairs[event]]
    place = at % len(halves[part])
    halves[part][place] = (halves[part][place] + by) % 256

    assert check_chain(with_(pairs, event, (bytes(halves[0]), bytes(halves[1]))), head) is not None


def test_a_commitment_binds_field_salt_and_value() -> None:
    same = commit("name", SALT, "Ines")

    assert same == commit("name", SALT, "Ines")
    assert len({same, commit("note", SALT, "Ines"), commit("name", SALT[::-1], "Ines")}) == 3
    assert same != commit("name", SALT, "Inez")
    # The parts cannot flow into each other.
    assert commit("a", SALT, ["b"]) != commit("ab", SALT, [""])
