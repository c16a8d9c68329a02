"""Patterns over addresses: the first that fits, as if each were tried in order."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.checks.names.patterns import Patterns

WORDS = ("post", "role", "/", "head", "-", "*", "?", "[hr]", "*")
PATTERNS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join))
NAMES = st.lists(st.sampled_from(WORDS[:5]), min_size=1, max_size=5).map("".join)


@given(PATTERNS, NAMES)
def test_the_first_pattern_that_fits_counts(patterns: list[str], name: str) -> None:
    fitting = [index for index, one in enumerate(patterns) if fnmatchcase(name, one)]

    assert Patterns(enumerate(patterns)).first(name) == next(iter(fitting), None)


@pytest.mark.parametrize(
    ("patterns", "number"),
    [
        (("post/head", "post/*", "*"), 0),
        (("post/*", "post/head"), 0),
        (("*/head", "post/*"), 0),
        (("role/*", "post/h??d", "*"), 1),
        (("role/*",), None),
        ((), None),
    ],
)
def test_every_kind_of_pattern_keeps_its_turn(
    patterns: tuple[str, ...], number: int | None
) -> None:
    assert Patterns(enumerate(patterns)).first("post/head") == number
