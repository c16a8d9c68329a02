"""The building of the typed tree: each part is typed as it is read, and every misfit is noted."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from kingpost.expressions.functions.registry import BUILTINS
from kingpost.expressions.functions.signature import Signature, accepts, result_of
from kingpost.expressions.judgement import (
    arithmetic,
    choice_broken,
    comparable,
    item_of,
    joined,
    members_of,
    negatable,
    sizable,
    testable,
)
from kingpost.expressions.kinds import (
    ANY,
    YES_NO,
    AnyType,
    ChoiceType,
    FunctionType,
    ListType,
    NullType,
    NumberType,
    Type,
    YesNoType,
    describe,
    fits,
    join,
)
from kingpost.expressions.reading.literals import written_type
from kingpost.expressions.reading.reader import DEPTH_MAX, Given, Reader
from kingpost.expressions.tree import (
    Arithmetic,
    Between,
    Broken,
    Call,
    Compare,
    Comparison,
    Constant,
    Filter,
    If,
    Invoke,
    Items,
    Local,
    Logic,
    Member,
    Name,
    Negation,
    Node,
    Passes,
    Place,
    Sign,
    Span,
)
from kingpost.values.nearest import nearest


def place(reader: Reader, start: int, end: int, parts: Sequence[Node]) -> Place:
    """Return the place of a node above its parts. Raises SyntaxProblemError when it is too deep."""
    depth = 1 + max((part.at.depth for part in parts), default=0)
    if depth > DEPTH_MAX:
        reader.stop("the expression is nested too deeply", "Split it into smaller rules.")
    return Place(start, end, depth, 1 + sum(part.at.size for part in parts))


def around(reader: Reader, *parts: Node) -> Place:
    """Return the place that spans some parts, in the order of the text."""
    return place(reader, parts[0].at.start, parts[-1].at.end, parts)


def misfit(reader: Reader, at: Node, message: str, help_: str) -> None:
    """Note a problem at a part."""
    reader.report(at.at.start, at.at.end, message, help_)


def expect_type(reader: Reader, part: Node, wanted: Type, where: str) -> None:
    """Note a problem where a part is not of the type that is expected."""
    if not fits(part.type, wanted):
        message = f"{where} expects {describe(wanted)}, found {describe(part.type)}"
        misfit(reader, part, message, f"Write {example(wanted)}.")
    else:
        check_choice(reader, part, wanted)


def example(wanted: Type) -> str:
    """Return the words that tell an author what to write for a type."""
    match wanted:
        case YesNoType():
            return "a condition such as `a > 1`"
        case ChoiceType(of) if of:
            return f'`"{of[0]}"`'
        case _:
            return describe(wanted)


def check_choice(reader: Reader, part: Node, other: Type) -> None:
    """Note a problem where a written text is not one of the declared values of a choice."""
    match part:
        case Constant(value=value):
            choice = choice_broken(other, value)
            if choice is not None:
                close = nearest(str(value), choice.of)
                listed = ", ".join(f'`"{one}"`' for one in choice.of[:8])
                help_ = f'Write `"{close}"`.' if close else f"Write one of {listed}."
                misfit(reader, part, f'`"{value}"` is not one of the declared values', help_)
        case Items(items=items):
            for item in items:
                check_choice(reader, item, item_of(other))
        case Span(low=low, high=high):
            for end in (low, high):
                if end is not None:
                    check_choice(reader, end, other)
        case _:
            return


def make_arithmetic(reader: Reader, sign: Sign, left: Node, right: Node) -> Node:
    """Join two operands by a sign."""
    found = arithmetic(sign, left.type, right.type)
    at = around(reader, left, right)
    if found is None:
        message = f"`{sign}` cannot join {describe(left.type)} and {describe(right.type)}"
        reader.report(at.start, at.end, message, "Use operands of types that go together.")
    return Arithmetic(sign, left, right, at, found or ANY)


def make_compare(reader: Reader, sign: Comparison, left: Node, right: Node) -> Node:
    """Compare two operands."""
    at = around(reader, left, right)
    if sign in {"=", "!="}:
        fit = comparable(left.type, right.type)
    else:
        fit = sizable(left.type, right.type)
    if not fit:
        message = f"`{sign}` cannot compare {describe(left.type)} with {describe(right.type)}"
        reader.report(at.start, at.end, message, _to_compare(left.type))
    else:
        check_choice(reader, right, left.type)
        check_choice(reader, left, right.type)
    return Compare(sign, left, right, at, YES_NO)


def _to_compare(left: Type) -> str:
    return f"Compare {describe(left)} with {example(left)}."


def make_logic(reader: Reader, word: Literal["and", "or"], left: Node, right: Node) -> Node:
    """Join conditions; a chain of one word is one node."""
    for part in (left, right):
        if not (isinstance(part, Logic) and part.word == word):
            expect_type(reader, part, YES_NO, f"`{word}`")
    at = around(reader, left, right)
    if not isinstance(left, Logic) or left.word != word:
        return Logic(word, (left, right), at, YES_NO)
    # One more part makes a chain longer and no deeper; to weigh them all each time would add up.
    at = replace(at, depth=max(left.at.depth, right.at.depth + 1))
    return Logic(word, (*left.parts, right), at, YES_NO)


def make_between(reader: Reader, operand: Node, low: Node, high: Node) -> Node:
    """Hold a value between two others."""
    for end in (low, high):
        if not sizable(operand.type, end.type):
            message = f"`between` cannot compare {describe(operand.type)} with {describe(end.type)}"
            misfit(reader, end, message, _to_compare(operand.type))
    return Between(operand, low, high, around(reader, operand, low, high), YES_NO)


def make_passes(reader: Reader, operand: Node, test: Node, at: Place) -> Node:
    """Hold a value against one test."""
    if not testable(operand.type, test.type):
        inner = item_of(test.type)
        message = f"{describe(operand.type)} cannot be held against {describe(inner)}"
        misfit(reader, test, message, _to_compare(operand.type))
    else:
        check_choice(reader, test, _choice_below(operand.type, test))
    return Passes(operand, test, at, YES_NO)


def _choice_below(operand: Type, test: Node) -> Type:
    return ListType(operand) if isinstance(test, Items) else operand


def make_negation(reader: Reader, operand: Node, start: int) -> Node:
    """Turn the sign of an operand."""
    at = place(reader, start, operand.at.end, (operand,))
    match operand:
        case Constant(value=value, type=NumberType()) if not isinstance(value, bool):
            return Constant(_negated(value), at, operand.type)
        case _:
            pass
    if not negatable(operand.type):
        message = f"`-` cannot turn {describe(operand.type)}"
        reader.report(at.start, at.end, message, "Use a number or a duration.")
    return Negation(operand, at, operand.type)


def _negated(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value.copy_negate() if value else value


def make_if(reader: Reader, condition: Node, then: Node, otherwise: Node, start: int) -> Node:
    """Choose one of two parts."""
    expect_type(reader, condition, YES_NO, "`if`")
    at = place(reader, start, otherwise.at.end, (condition, then, otherwise))
    return If(condition, then, otherwise, at, join(then.type, otherwise.type))


def make_filter(reader: Reader, base: Node, slot: int, test: Node, end: int) -> Node:
    """Pick items of a list by a condition, or one by its position."""
    item = item_of(base.type)
    match test.type:
        case NumberType():
            found: Type = item
        case YesNoType():
            found = ListType(item)
        case AnyType() | NullType():
            found = ANY
        case _:
            found = ANY
            message = f"a filter expects a condition or a position, found {describe(test.type)}"
            misfit(reader, test, message, "Write a condition such as `item > 1`.")
    return Filter(base, slot, test, place(reader, base.at.start, end, (base, test)), found)


def make_member(reader: Reader, base: Node, name: str, end: int) -> Node:
    """Take a named part of a value; a name that is not there is noted with the nearest one."""
    at = place(reader, base.at.start, end, (base,))
    members = members_of(base.type)
    found: Type = ANY
    if members is not None and name in members:
        found = members[name]
    elif members is not None:
        owner = reader.text[base.at.start : base.at.end]
        close = nearest(name, members)
        listed = ", ".join(f"`{one}`" for one in list(members)[:8])
        help_ = f"Write `{owner}.{close}`." if close else f"Use one of {listed}."
        if not members:
            help_ = f"Leave out `.{name}`: {describe(base.type)} has no fields."
        reader.report(end - len(name), end, f"`{name}` is not a field of `{owner}`", help_)
    _note_read(reader, base, name)
    return Member(base, name, at, found)


def _note_read(reader: Reader, base: Node, name: str) -> None:
    """Replace the reading of the owner by the reading of its part."""
    owner = path_of(base)
    if owner:
        reader.reads[owner] -= 1
        reader.reads[f"{owner}.{name}"] += 1
    elif origin := origin_of(base):
        reader.reads[f"{origin}.{name}"] += 1


def path_of(node: Node) -> str:
    """Return the dotted path of a node that only names a given value, else empty text."""
    match node:
        case Name(name=name):
            return name
        case Member(base=base, name=name):
            owner = path_of(base)
            return f"{owner}.{name}" if owner else ""
        case _:
            return ""


def origin_of(node: Node) -> str:
    """Return the dotted path of the given value that a node is, or is taken from."""
    match node:
        case Local(origin=origin):
            return origin
        case Filter(base=base):
            return origin_of(base)
        case Member(base=base, name=name) if not path_of(node):
            owner = origin_of(base)
            return f"{owner}.{name}" if owner else ""
        case _:
            return path_of(node)


def make_unknown(reader: Reader, word: str, start: int) -> Node:
    """Note a name that is not known; its value is null."""
    close = nearest(word, [*reader.known(), *BUILTINS])
    help_ = f"Write `{close}`." if close else "Use a name that is declared."
    if word in _declared_texts(reader):
        help_ = f'Write `"{word}"`.'
    owner = next((name for name, kind in _given(reader) if word in (members_of(kind) or {})), "")
    if owner:
        help_ = f"Write `{owner}.{word}`."
    end = start + len(word)
    message = f"`{word}` is not known here"
    reader.report(start, end, message, help_)
    return Broken(message, Place(start, end), ANY)


def _declared_texts(reader: Reader) -> set[str]:
    """Return every value of a choice in scope, for an author who forgot the quotes."""
    kinds = [kind for _, kind in _given(reader)]
    parts = [part for kind in kinds for part in (members_of(kind) or {}).values()]
    return {text for kind in (*kinds, *parts) if isinstance(kind, ChoiceType) for text in kind.of}


def _given(reader: Reader) -> list[tuple[str, Type]]:
    """Return the names that are given to an expression, each with its type."""
    levels = (level.bindings.items() for level in reader.levels)
    return [(name, one.type) for level in levels for name, one in level if isinstance(one, Given)]


def make_items(reader: Reader, items: tuple[Node, ...], start: int, end: int) -> Node:
    """Gather parts in a list."""
    kind = ListType(joined(items))
    return Items(items, place(reader, start, end, items), kind)


def make_call(
    reader: Reader, name: str, arguments: tuple[Node, ...], names: tuple[str, ...], at: Place
) -> Node:
    """Call a built-in function, after its arguments were held against its signatures."""
    types = [argument.type for argument in arguments]
    shaped = [
        (one, order)
        for one in BUILTINS[name]
        if (order := one.arrange(len(arguments), names)) is not None
    ]
    fitting = [one for one, order in shaped if _first_misfit(one, order, types) is None]
    if fitting:
        results = [result_of(one, types) for one in fitting]
        found = results[0] if all(one == results[0] for one in results) else ANY
        return Call(name, arguments, names, at, written_type(name, arguments) or found)
    if shaped:
        _note_argument(reader, name, shaped[0], arguments)
    else:
        wanted = " or ".join(f"`{_usage(name, one)}`" for one in BUILTINS[name])
        message = f"`{name}` does not take these arguments"
        reader.report(at.start, at.end, message, f"Write {wanted}.")
    return Call(name, arguments, names, at, ANY)


def _first_misfit(
    one: Signature, order: tuple[int | None, ...], types: list[Type]
) -> tuple[int, int] | None:
    for slot, source in enumerate(order):
        if source is not None and not accepts(types[source], one.parameter(slot).type):
            if one.rest and len(types) == 1 and accepts(types[0], ListType(ANY)):
                continue
            return slot, source
    return None


def _note_argument(
    reader: Reader,
    name: str,
    shaped: tuple[Signature, tuple[int | None, ...]],
    arguments: tuple[Node, ...],
) -> None:
    misfits = _first_misfit(*shaped, [argument.type for argument in arguments])
    assert misfits is not None
    parameter, argument = shaped[0].parameter(misfits[0]), arguments[misfits[1]]
    wanted, found = describe(parameter.type), describe(argument.type)
    message = f"`{name}` expects {wanted} as `{parameter.name}`, found {found}"
    misfit(reader, argument, message, f"Write {example(parameter.type)}.")


def _usage(name: str, one: Signature) -> str:
    return f"{name}({', '.join(parameter.name for parameter in one.parameters)})"


def make_invoke(
    reader: Reader, function: Node, arguments: tuple[Node, ...], names: tuple[str, ...], at: Place
) -> Node:
    """Call a value that must be a function."""
    match function.type:
        case FunctionType(parameters, result):
            if len(parameters) != len(arguments):
                message = f"the function takes {len(parameters)} arguments, found {len(arguments)}"
                reader.report(at.start, at.end, message, "Give it one argument a parameter.")
            elif not names:
                for argument, wanted in zip(arguments, parameters, strict=True):
                    if not accepts(argument.type, wanted):
                        expect_type(reader, argument, wanted, "the function")
            found = result
        case AnyType():
            found = ANY
        case _:
            found = ANY
            message = f"{describe(function.type)} cannot be called"
            misfit(reader, function, message, "Call a function.")
    return Invoke(function, arguments, names, at, found)


def make_not(reader: Reader, test: Node) -> Node:
    """Return the test that is passed when another is not."""
    return Call("not", (test,), (), around(reader, test), YES_NO)
