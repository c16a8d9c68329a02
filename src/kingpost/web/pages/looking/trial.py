"""A rule tried on values: the form that asks for them, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kingpost.expressions import ChoiceType, ListType, Type, YesNoType, describe
from kingpost.model.model import Model
from kingpost.model.ruling.book import RuleBook, Ruled
from kingpost.model.ruling.trying import CannotReadError, ask, questions, reason, word
from kingpost.web.form_pieces import Field, FieldGroup, FormError, Option
from kingpost.web.pieces import Pill

_PREFIX, _GIVEN_MAX = "given.", 200


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What one rule answers. inputs: what it was held against, by name. rows: those that answer."""

    title: str
    result: Pill
    reason: str
    inputs: tuple[tuple[str, str], ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The card on which a rule is tried. hidden: names and values that go with the form."""

    url: str
    groups: tuple[FieldGroup, ...]
    errors: tuple[FormError, ...]
    answers: tuple[TrialAnswer, ...]
    hidden: tuple[tuple[str, str], ...]


def trial(
    book: RuleBook, name: str, typed: Mapping[str, str], url: str, version: str
) -> Trial | None:
    """Return the trial of a rule; None when it has no answer to anything, or asks for nothing.

    typed: what is given, which may be personal and so stands in no address.
    """
    asked: Mapping[str, Type] = questions(book, name) if book.has(name) else {}
    if not asked:
        return None
    given = {path: typed.get(f"{_PREFIX}{path}", "")[:_GIVEN_MAX] for path in asked}
    answers: tuple[Ruled, ...] = ()
    faults: Mapping[str, str] = {}
    if any(given.values()):
        try:
            answers = ask(book, name, given)
        except CannotReadError as error:
            faults = {
                path: f"{words[:1].upper()}{words[1:]}." for path, words in error.faults.items()
            }
    fields = tuple(
        _field(book.model, path, kind, given[path], faults.get(path, ""))
        for path, kind in asked.items()
    )
    return Trial(
        url,
        (FieldGroup("", fields),),
        tuple(FormError(_target(field), field.error) for field in fields if field.error),
        tuple(map(_answer, answers)),
        (("version", version),) if version else (),
    )


def _target(field: Field) -> str:
    several = field.kind in {"choice", "yes-no"} and len(field.options) < 5  # noqa: PLR2004 - as drawn
    return f"field-{field.name}-1" if several else f"field-{field.name}"


def _field(model: Model, path: str, kind: Type, value: str, error: str) -> Field:
    plain = Field("text", _PREFIX + path, _label(model, path), value, _hint(kind), error=error)
    match kind:
        case ChoiceType(of):
            options = tuple(Option(one, one, one == value) for one in of)
            return replace(plain, kind="choice", hint="", options=options)
        case YesNoType():
            options = tuple(Option(one, one.capitalize(), one == value) for one in ("yes", "no"))
            return replace(plain, kind="yes-no", hint="", options=options)
        case _:
            return plain


def _hint(kind: Type) -> str:
    told = describe(kind.of) if isinstance(kind, ListType) else describe(kind)
    hint = f"several, with commas: {told}" if isinstance(kind, ListType) else told
    return _sentence(hint).removesuffix(".")


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def _label(model: Model, path: str) -> str:
    """Return what people call a value: the title of the field, else its path."""
    first, _, rest = path.partition(".")
    item = model.objects.get(first)
    field = item.field(rest) if item and rest else None
    return field.title if field else path


def _answer(ruled: Ruled) -> TrialAnswer:
    why = reason(ruled)
    tone = "good" if ruled.is_answered else "risk"
    return TrialAnswer(
        ruled.rule.title,
        Pill(word(ruled.value) if ruled.is_answered else "No answer", tone),
        _sentence(why) if why else "",
        tuple((path, word(value)) for path, value in ruled.inputs.items()),
        tuple(
            f"Row {row}: {' · '.join(ruled.rule.rows[row - 1])}"
            for row in (ruled.hits.fired if ruled.hits else ())
        ),
    )
