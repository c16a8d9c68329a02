"""The values that a column may have, as far as they are written out."""

from collections.abc import Sequence
from dataclasses import dataclass

from kingpost.expressions import (
    AnyType,
    ChoiceType,
    Compiled,
    TextType,
    compile_leniently,
    compile_test,
)
from kingpost.expressions.tree import Constant, Items, Logic, Node, Passes
from kingpost.rules import Shape, Text

# A list of more values than this is text to people, and no choice.
_CHOICES_MAX = 12


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an output. kind: when they are texts. written: else, as expressions."""

    kind: ChoiceType | None = None
    written: tuple[str, ...] = ()


def values_of(
    allowed: Text | None, shape: Shape, answers: Sequence[Node], *, ranked: bool
) -> Values:
    """Return the values that an output may have: as it lists them, as its type does, or as it has.

    answers: what its rows answer. ranked: their order counts, so that they must be kept.
    """
    texts = texts_allowed(allowed)
    if not texts and allowed is not None and ranked:
        return Values(written=_listed(allowed.text))
    if not texts and isinstance(shape.type, ChoiceType):
        texts = shape.type.of
    elif not texts and isinstance(shape.type, AnyType):
        texts = _answered(answers)
    constants = (one.value for one in answers if isinstance(one, Constant))
    if not ranked and any(value is not None and value not in texts for value in constants):
        return Values()
    return Values(ChoiceType(texts) if texts else None)


def texts_allowed(allowed: Text | None) -> tuple[str, ...]:
    """Return the texts that allowed values list; nothing where they are anything else."""
    if allowed is None or not allowed.text.strip():
        return ()
    found = compile_test(allowed.text, TextType(), {}, strict=False)
    values = _texts(found.tree) if isinstance(found, Compiled) else [None]
    return () if None in values else tuple(str(value) for value in values)


def _texts(tree: Node) -> list[str | None]:
    match tree:
        case Passes(test=Constant(value=str(text))):
            return [text]
        case Logic(word="or", parts=parts):
            return [text for part in parts for text in _texts(part)]
        case _:
            return [None]


def _listed(text: str) -> tuple[str, ...]:
    """Return allowed values that are no texts, each as it is written."""
    whole = f"[{text}\n]"
    found = compile_leniently(whole, {})
    if not isinstance(found, Compiled) or not isinstance(found.tree, Items):
        return ()
    return tuple(whole[one.at.start : one.at.end] for one in found.tree.items)


def _answered(answers: Sequence[Node]) -> tuple[str, ...]:
    """Return the texts that a column answers, where all of its answers are written out."""
    values = [one.value if isinstance(one, Constant) else None for one in answers]
    texts = dict.fromkeys(one for one in values if isinstance(one, str))
    whole = all(isinstance(one, str) for one in values) and len(texts) <= _CHOICES_MAX
    return tuple(texts) if whole else ()
