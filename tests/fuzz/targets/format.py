"""The formatter: what it changes means the same, keeps every comment, and stays as it is."""

from random import Random  # noqa: TID251 - the chance of a fuzz run comes back from its seed.

from kingpost.notation import read_model
from kingpost.notation.formatting import Unsafe, format_text
from tests.fuzz.fuzzing import Target
from tests.fuzz.mutations import mutated
from tests.fuzz.targets.reader import NEXT_FILE, TEXTS, WORDS

_COMMENTS = ("# a comment", "  # a comment\n", "\n      # another\n", "\n\n\n", " | \n  x\n", "[\n")


def _make(random: Random) -> str:
    text = random.choice(random.choice(TEXTS).split(NEXT_FILE))
    return mutated(random, text, (*WORDS, *_COMMENTS * 20), random.choice((0, 1, 2, 3)))[:90_000]


def _feed(text: str) -> None:
    formatted = format_text("model.yaml", text)
    if isinstance(formatted, Unsafe):
        assert all(problem.place for problem in formatted.problems)
        return
    assert format_text("model.yaml", formatted) == formatted
    before, after = read_model({"model.yaml": text}), read_model({"model.yaml": formatted})
    assert after.model == before.model
    assert formatted.count("#") == text.count("#")


TARGETS = (Target("format", _make, _feed),)
