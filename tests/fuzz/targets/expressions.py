"""FEEL: expressions made at random, whole, broken, repeated and nested, compiled and evaluated."""

from collections.abc import Callable, Iterator, Sequence
from random import Random  # noqa: TID251 - the chance of a fuzz run comes back from its seed.

from kingpost.expressions import (
    Compiled,
    NoValue,
    NumberType,
    Problem,
    compile_expression,
    compile_leniently,
    compile_test,
)
from kingpost.expressions.functions.registry import BUILTINS
from tests.expressions.writing import SCOPE, expression, values
from tests.fuzz.fuzzing import SIZE_MAX, Target
from tests.fuzz.mutations import mutated

_WORDS = (
    *BUILTINS, *SCOPE, "if", "then", "else", "for", "in", "return", "some", "every", "satisfies",
    "function(", "external", "instance of", "between", "and", "or", "null", "true", "partial", "?",
    "..", "**", "!=", "<=", ">=", "->", "list<", "context<", "range<", '@"', '@"P1D"', "1e9999",
    '@"999999999-12-31T23:59:59.999999999@Europe/Paris"', '@"10:00:00.123456789"', "-", "[", "]",
    "(", ")", "{", "}", "item", "1..1000000000", '"\\u00', '"', "/*", "*/", "//", "days", "day",
)  # fmt: skip
_NESTS = (
    ("(", ")"), ("[", "]"), ("{a: ", "}"), ("if true then ", " else 1"), ("-", ""), ("", "[1]"),
    ("", ".a"), ("", " + 1"), ("", " and true"), ("for q in ", " return q"), ("count([", "])"),
    ("1 in (", ")"), ("function(z) ", ""), ("not(", ")"), ("", " in [1..2]"), ("", "(1)"),
)  # fmt: skip


def make(random: Random) -> str:
    """Return an expression after some damage; now and then one that is as large as may be."""
    text = expression(_choices(random))
    if random.random() < 0.3:
        before, after = random.choice(_NESTS)
        times = random.choice((2, 20, 60, 3_000))
        text = before * times + text + after * times
    if random.random() < 0.1:
        text = random.choice((" + ", ", ", " or ", " ")).join([text] * random.choice((10, 900)))
    if random.random() < 0.6:
        for _ in range(random.choice((1, 2, 5, 30))):
            text = mutated(random, text[:SIZE_MAX], _WORDS, 1)
    while len(text.encode("utf-8", "replace")) > SIZE_MAX:
        text = text[: len(text) * 9 // 10]
    return text


def _choices(random: Random) -> Iterator[int]:
    while True:
        yield random.randrange(256)


def feed(text: str) -> None:
    """Compile in one of the ways, and evaluate. Raises AssertionError for a problem of no place."""
    found = _COMPILERS[len(text) % len(_COMPILERS)](text)
    if isinstance(found, tuple):
        assert found, "a refusal without a problem"
        _expect_places(found, text)
        return
    given = {"?": None, **values(iter(text.encode("utf-8", "replace")[:40]))}
    _expect_places(found.explain(given).warnings, text)
    _evaluate(found, text)


_COMPILERS: tuple[Callable[[str], Compiled | tuple[Problem, ...]], ...] = (
    lambda text: compile_expression(text, SCOPE),
    lambda text: compile_leniently(text, SCOPE),
    lambda text: compile_test(text, NumberType(), SCOPE, strict=False),
)


def _evaluate(found: Compiled, text: str) -> None:
    found.evaluate({})
    answer = found.require(values(iter(b"kingpost, at random")))
    if isinstance(answer, NoValue):
        _expect_places((answer.cause, *answer.warnings), text)


def _expect_places(problems: Sequence[Problem], text: str) -> None:
    for one in problems:
        assert 0 <= one.offset <= one.offset + one.length <= len(text), one
        assert one.message, one


TARGETS = (Target("expressions", make, feed),)
