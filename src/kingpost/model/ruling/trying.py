"""Trying rules: on values that are given, and by their tests, with the story of each that fails."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from kingpost.expressions import AnyType, ContextType, ListType, Type, Value
from kingpost.expressions.operators import same
from kingpost.expressions.value import Run
from kingpost.model.model import Model
from kingpost.model.rules import Rule, RuleTest, Sample
from kingpost.model.ruling.book import RuleBook, Ruled
from kingpost.model.ruling.literals import NotThatTypeError, read_sample
from kingpost.model.ruling.privacy import paths_of
from kingpost.model.ruling.typing import Typed
from kingpost.values.nearest import nearest

ANY = AnyType()
_DIGITS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class FailedTest:
    """A test of a rule that came out otherwise. number: from 1. story: a clause.

    part: `given` or `expect`, where the fault of the test itself lies.
    """

    rule: str
    number: int
    title: str
    story: str
    part: str = "expect"


class CannotReadError(Exception):
    """Values that are given to a rule cannot be read. faults: a clause for each, by its path."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"`{path}`: {words}" for path, words in faults.items()))
        self.faults = faults


def questions(book: RuleBook, name: str) -> Mapping[str, Type]:
    """Return the single values that a rule reads, itself or through rules that it needs, by path.

    What those rules answer is not asked for, but may be given.
    """
    rule = book.model.rules[name]
    typed, readable = book.rules.typed[name], _readable(book, rule, book.rules.typed[name])
    if rule.is_called:
        found = dict(typed.parameters)
    else:
        found: dict[str, Type] = {}
        for path in sorted(paths_of(book.rules, name)):
            if path.partition(".")[0] in typed.objects:
                found[path] = _kind_at(readable, path)
    return {path: kind for path, one in found.items() for path, kind in _leaves(path, one)}


def ask(book: RuleBook, name: str, written: Mapping[str, str]) -> tuple[Ruled, ...]:
    """Return what a rule answers to values by path, behind what the rules answer that it needs.

    written: as texts, those of a list with commas between them; an empty one is no value.

    Raises: CannotReadError.
    """
    rule, typed = book.model.rules[name], book.rules.typed[name]
    readable = _readable(book, rule, typed)
    given, faults = _blanks(rule, typed, readable), dict[str, str]()
    for path, text in written.items():
        if not text.strip():
            continue
        try:
            _put(given, readable, _sample(path, text, _kind_at(readable, path)))
        except NotThatTypeError as error:
            faults[path] = str(error)
    if faults:
        raise CannotReadError(faults)
    return _answer(book, rule, typed, given)


def word(value: Value) -> str:
    """Return a value in words; a number of many digits in the first twelve."""
    match value:
        case Decimal():
            return f"{value:.12g}" if len(f"{value:f}") > _DIGITS_SHOWN else f"{value:f}"
        case list():
            return ", ".join(map(word, value)) or "nothing"
        case dict():
            members = cast("dict[str, Value]", value)
            return ", ".join(f"{name} {word(one)}" for name, one in members.items())
        case _:
            return _word(value).strip("`")


def reason(ruled: Ruled) -> str:
    """Return why a rule answers what it does: a clause, or nothing where there is none to give."""
    if not ruled.is_answered:
        return _why_open(ruled)
    if ruled.value is None and ruled.remarks:
        return ruled.remarks[0].message
    if ruled.hits is None:
        return ""
    if not ruled.hits.fired:
        return "no row matches, and that is the default"
    rows = ", ".join(map(str, ruled.hits.fired))
    one = len(ruled.hits.fired) == 1
    of = f"of {len(ruled.rule.rows)}"
    return f"row {rows} {of} answers" if one else f"rows {rows} {of} answer"


def _sample(path: str, text: str, kind: Type) -> Sample:
    is_list = isinstance(kind, ListType)
    parts = text.split(",") if is_list else [text]
    return Sample(path, tuple(part.strip() for part in parts), is_list)


def _kind_at(kinds: Mapping[str, Type], path: str) -> Type:
    first, *rest = path.split(".")
    kind = kinds.get(first, ANY)
    for name in rest:
        kind = kind.members.get(name, ANY) if isinstance(kind, ContextType) else ANY
    return kind


def _leaves(path: str, kind: Type) -> Iterator[tuple[str, Type]]:
    if isinstance(kind, ContextType) and kind.members:
        for name, member in kind.members.items():
            yield from _leaves(f"{path}.{name}", member)
    else:
        yield path, kind


def failed_tests(model: Model, book: RuleBook | None = None) -> Iterator[FailedTest]:
    """Run the tests of every rule that can be asked, and yield those that fail."""
    if not any(rule.tests for rule in model.rules.values()):
        return
    book = book or RuleBook(model)
    for name, rule in model.rules.items():
        if book.has(name):
            for number, test in enumerate(rule.tests, 1):
                yield from _tried(book, rule, number, test)


def rows_of_tests(model: Model) -> Iterator[tuple[str, int, str, int]]:
    """Yield the rows that answer the tests of rules.

    Each as the rule that is tested, the number of the test, the table, and the row; from 1.
    """
    if not any(rule.tests for rule in model.rules.values()):
        return
    book = RuleBook(model)
    for name, rule in model.rules.items():
        if not book.has(name):
            continue
        typed = book.rules.typed[name]
        for number, test in enumerate(rule.tests, 1):
            for ruled in _answer(book, rule, typed, _given(book, rule, typed, test)):
                for row in ruled.hits.fired if ruled.hits else ():
                    yield rule.id, number, ruled.rule.id, row


def _tried(book: RuleBook, rule: Rule, number: int, test: RuleTest) -> Iterator[FailedTest]:
    typed = book.rules.typed[rule.id]
    try:
        given = _given(book, rule, typed, test)
    except NotThatTypeError as error:
        yield FailedTest(rule.id, number, test.title, str(error), "given")
        return
    ruled = _answer(book, rule, typed, given)
    try:
        stories = [_story(ruled, rule, typed, sample) for sample in test.expected]
    except NotThatTypeError as error:
        yield FailedTest(rule.id, number, test.title, str(error))
        return
    for story in filter(None, stories):
        yield FailedTest(rule.id, number, test.title, story)


# --- what is given -------------------------------------------------------------------------------


def _given(book: RuleBook, rule: Rule, typed: Typed, test: RuleTest) -> dict[str, Value]:
    """Return the values that a test gives: records that are empty where it says nothing."""
    readable = _readable(book, rule, typed)
    values = _blanks(rule, typed, readable)
    for sample in test.given:
        _put(values, readable, sample)
    return values


def _blanks(rule: Rule, typed: Typed, readable: Mapping[str, Type]) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: _blank(kind) for name, kind in readable.items() if isinstance(kind, ContextType)
    }
    return {name: values.get(name) for name in typed.parameters} if rule.is_called else values


def _readable(book: RuleBook, rule: Rule, typed: Typed) -> Mapping[str, Type]:
    """Return what a test may give: parameters, records, and answers of rules that it needs."""
    if rule.is_called:
        return typed.parameters
    rules = book.rules.typed
    found: dict[str, Type] = {}
    for one in book.rules.with_needs(rule.id):
        if not one.is_called:
            found.update(
                {name: kind for name, kind in rules[one.id].scope.items() if name in typed.objects}
            )
            found[one.id] = rules[one.id].result
    found.pop(rule.id, None)
    return found


def _blank(kind: ContextType) -> dict[str, Any]:
    return {
        name: _blank(member) if isinstance(member, ContextType) else None
        for name, member in kind.members.items()
    }


def _put(values: dict[str, Any], readable: Mapping[str, Type], sample: Sample) -> None:
    *groups, last = sample.path.split(".")
    kinds, inside = dict(readable), values
    for name in groups:
        kind = _known(kinds, name)
        if not isinstance(kind, ContextType):
            raise NotThatTypeError(f"`{name}` has no `{last}`")
        kinds, inside = dict(kind.members), inside.setdefault(name, {})
    inside[last] = read_sample(sample, _known(kinds, last))


def _known(kinds: Mapping[str, Type], name: str) -> Type:
    if name not in kinds:
        close = nearest(name, tuple(kinds))
        meant = f", did you mean `{close}`" if close else ""
        raise NotThatTypeError(f"the rule reads no `{name}`{meant}")
    return kinds[name]


# --- what is asked for ---------------------------------------------------------------------------


def _answer(
    book: RuleBook, rule: Rule, typed: Typed, given: Mapping[str, Value]
) -> tuple[Ruled, ...]:
    if rule.parameters:
        return (book.call(rule.id, given),)
    readable = {
        name: value for name, value in given.items() if value is not None or name in typed.objects
    }
    return book.decide(rule.id, readable)


def _story(ruled: tuple[Ruled, ...], rule: Rule, typed: Typed, sample: Sample) -> str | None:
    """Return what came out otherwise, or None where it came out as expected."""
    answers, kinds = _answers(ruled, rule, typed)
    name, _, rest = sample.path.partition(".")
    if name not in answers:
        close = nearest(name, tuple(key for key in answers if key))
        meant = f", did you mean `{close}`" if close else ""
        raise NotThatTypeError(f"the rule answers no `{name}`{meant}")
    value, kind = _walk(answers[name], kinds[name], rest)
    wanted = read_sample(sample, kind)
    open_ = next((one for one in ruled if not one.is_answered), None)
    if open_ is not None and wanted is not None:
        return f"expected {_said(sample, wanted)}, and {_why_open(open_)}"
    if _same(value, wanted):
        return None
    return f"expected {_said(sample, wanted)}, and it is {_word(value)}{_by(ruled[-1])}"


def _answers(
    ruled: tuple[Ruled, ...], rule: Rule, typed: Typed
) -> tuple[dict[str, Value], dict[str, Type]]:
    """Return the answers of a rule by name, the whole one under the empty name, with types."""
    answering = [one for one in ruled if one.rule.id in (rule.answers or (rule.id,))]
    answers: dict[str, Value] = {one.rule.id: one.value for one in answering}
    kinds: dict[str, Type] = dict.fromkeys(answers, ANY)
    whole = answers if len(answering) > 1 else answering[-1].value
    if isinstance(whole, dict):
        answers.update(whole)
    if isinstance(typed.result, ContextType):
        kinds.update(typed.result.members)
    else:
        kinds[rule.id] = typed.result
    for one in answering:
        answers.update(one.outputs)
    kinds.update(typed.stored(rule))
    answers[""], kinds[""] = whole if not isinstance(whole, dict) else dict(whole), typed.result
    return answers, {name: kinds.get(name, ANY) for name in answers}


def _walk(value: Value, kind: Type, path: str) -> tuple[Value, Type]:
    """Return a part of an answer: members by name, items by number from 1."""
    for name in filter(None, path.split(".")):
        if isinstance(value, list):
            at = int(name) - 1 if name.isdigit() else -1
            value = value[at] if 0 <= at < len(value) else None
            kind = kind.of if isinstance(kind, ListType) else ANY
        else:
            members = value if isinstance(value, dict) else {}
            value = members.get(name)
            kind = kind.members.get(name, ANY) if isinstance(kind, ContextType) else ANY
    return value, kind


def _same(value: Value, wanted: Value) -> bool:
    if value is None or wanted is None:
        return value is wanted
    return same(Run({}), value, wanted)


# --- words ---------------------------------------------------------------------------------------


def _said(sample: Sample, wanted: Value) -> str:
    what = f"`{sample.path}` to be " if sample.path else ""
    return f"{what}{_word(wanted)}"


def _why_open(ruled: Ruled) -> str:
    if ruled.undecided is not None:
        name, row = ruled.undecided
        return f"`{ruled.rule.id}` has no answer: `{name}` is empty, and row {row} asks for it"
    rows = ruled.hits.matched if ruled.hits else ()
    if not rows:
        return f"`{ruled.rule.id}` has no answer: no row matches"
    return f"`{ruled.rule.id}` has no answer: rows {', '.join(map(str, rows))} match"


def _by(ruled: Ruled) -> str:
    """Return which rows made an answer, or why there is none."""
    if ruled.value is None and ruled.remarks:
        return f": {ruled.remarks[0].message}"
    if ruled.hits is None:
        return ""
    if not ruled.hits.fired:
        return ": no row matches, and that is the default" if ruled.value is not None else ""
    rows = ", ".join(map(str, ruled.hits.fired))
    return f": row {rows} answers" if len(ruled.hits.fired) == 1 else f": rows {rows} answer"


def _word(value: Value) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "`true`" if value else "`false`"
        case list():
            return "[" + ", ".join(map(_word, value)) + "]"
        case dict():
            members = cast("dict[str, Value]", value)
            return "{" + ", ".join(f"{name}: {_word(one)}" for name, one in members.items()) + "}"
        case _:
            return f"`{value}`"
