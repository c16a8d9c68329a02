"""Finding parts of a model by what they are called."""

import pytest

from kingpost.handbook.addressing import Place, Sight
from kingpost.handbook.finding import SEARCHED, find
from kingpost.model.parts.links import kind_of, links_of
from tests.checks.words import SOUND, read

SIGHT = Sight(links_of(read(SOUND)), "index", Place("/model/", ""))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # The whole name comes before one that only begins with it, and that before all others.
        ("claim", "object/claim"),
        ("Examine", "workflow/claim/step/examine"),
        ("fair answer", "obligation/fair-answer"),
        ("answer fair", "obligation/fair-answer"),
        ("post/head", "post/head"),
        ("rule band", "rule/band"),
        ("  CLERK ", "role/clerk"),
    ],
)
def test_what_is_called_so_comes_first(text: str, first: str) -> None:
    assert find(SIGHT, text)[0] == first


def test_every_word_must_stand_somewhere() -> None:
    assert find(SIGHT, "fair nonsense") == ()
    assert find(SIGHT, "  ") == ()


def test_only_what_has_a_place_of_its_own_is_found() -> None:
    found = find(SIGHT, "e")

    assert found
    assert {kind_of(part) for part in found} <= SEARCHED
    assert all(SIGHT.url(part).startswith("/model/") for part in found)
