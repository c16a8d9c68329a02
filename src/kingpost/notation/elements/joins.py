"""The forms of a join: when a parallel step is over."""

from kingpost.model.workflow import JoinKind
from kingpost.notation.forms import required
from kingpost.notation.phrases import REFERENCE, SOME_OF
from kingpost.notation.shapes import ByKind, ListOf, Made, Phrase

_Join = tuple[JoinKind, tuple[str, ...], tuple[int, int]]
_NO_COUNT = (0, 0)
_JOINS = "`all`, `any`, some such as `2 of 3`, or a list of branches"


def _read_join(text: str) -> _Join | None:
    if text in {JoinKind.ALL, JoinKind.ANY}:
        return JoinKind(text), (), _NO_COUNT
    counted = SOME_OF.parse(text)
    return (JoinKind.COUNT, (), counted) if counted else None


JOIN = required(
    "join",
    ByKind(
        _JOINS,
        text=Phrase(_JOINS, _read_join),
        listed=Made(
            ListOf(REFERENCE, least=1), lambda _, names: (JoinKind.NAMED, names, _NO_COUNT)
        ),
    ),
    "when the step is over: `all`, `any`, some such as `2 of 3`, or the branches that must be done",
)
