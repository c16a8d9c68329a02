"""Files that are read by themselves give the model that they give together."""

import pickle
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from kingpost.notation import Reading, read_model, read_shared
from kingpost.notation.apart import read_apart
from tests.notation.test_reading import TEXTS

T = TypeVar("T")
R = TypeVar("R")


def elsewhere(do: Callable[[T], R], every: Sequence[T]) -> Iterable[R]:
    """Do it as another process does, which hands its results over as bytes."""
    return [pickle.loads(pickle.dumps(do(one))) for one in every]


def read_elsewhere(texts: dict[str, str]) -> Reading:
    return read_shared(texts, elsewhere)


def test_a_model_reads_alike_whoever_reads_its_files() -> None:
    alone, shared = read_model(TEXTS), read_elsewhere(TEXTS)

    assert alone.model is not None
    assert shared.model is not None
    assert shared.model == alone.model
    assert shared.model.scenarios == alone.model.scenarios
    assert dict(shared.model.places) == dict(alone.model.places)
    # A text that is not written as it reads knows where each of its characters stands.
    for key, place in alone.model.places.items():
        assert shared.model.places[key].at(2) == place.at(2), key
    assert shared.diagnostics == alone.diagnostics


def test_most_files_are_read_apart() -> None:
    apart = {file for file, text in TEXTS.items() if read_apart(file, text) is not None}

    assert len(apart) > len(TEXTS) / 2


def test_what_is_wrong_is_told_alike_whoever_reads_the_files() -> None:
    for wrong in (
        {"incident.yaml": TEXTS["incident.yaml"].replace("task:", "tusk:", 1)},
        {"incident.yaml": "roles: {first: {title: First}, first: {title: Second}}"},
        {"copy.yaml": TEXTS["incident.yaml"]},
        {"more.yaml": "roles: [first]"},
        {"more.yaml": "workflows:\n  - x: ["},
        {"more.yaml": ""},
        {"more.yaml": "views: {mine: {}}"},
        {"more.yaml": "x" * 3_000_000},
    ):
        texts = {**TEXTS, **wrong}
        alone = read_model(texts)

        assert alone.diagnostics
        assert read_elsewhere(texts) == alone, wrong
