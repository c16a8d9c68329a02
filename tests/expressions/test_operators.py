"""Operators, nulls and the built-in library, as tables of text and value."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext

import pytest

from kingpost.expressions import (
    AnyType,
    Compiled,
    ContextType,
    ListType,
    Months,
    NumberType,
    Range,
    Scope,
    TextType,
    Value,
    YesNoType,
    compile_expression,
    compile_leniently,
    compile_test,
)

SCOPE: Scope = {
    "incident": ContextType({"impact": TextType(), "reopen-count": NumberType()}),
    "a": NumberType(),
    "b": NumberType(),
    "a-b": NumberType(),
    "monthly pay": NumberType(),
    "yes": YesNoType(),
    "date": NumberType(),
    "items": ListType(ContextType({"who-did": TextType(), "cost": NumberType()})),
    "thing": AnyType(),
}
VALUES: dict[str, Value] = {
    "incident": {"impact": "high", "reopen-count": Decimal(3)},
    "a": Decimal(7),
    "b": Decimal(2),
    "a-b": Decimal(100),
    "monthly pay": Decimal(2500),
    "yes": None,
    "date": Decimal(9),
    "items": [
        {"who-did": "ann", "cost": Decimal(5)},
        {"who-did": "bob", "cost": Decimal(50)},
    ],
    "thing": {"name": "anvil", "count": Decimal(4)},
}


def compiled(text: str) -> Compiled:
    found = compile_leniently(text, SCOPE)
    assert isinstance(found, Compiled), found
    return found


def number(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Names: the longest that is known wins.
        ("a-b", number("100")),
        ("a - b", number("5")),
        ("a -b", number("5")),
        ("incident.reopen-count - b", number("1")),
        ("monthly   pay * 2", number("5000")),
        ("date + 1", number("10")),
        ('date("2026-03-01").day', number("1")),
        ("thing.count", number("4")),
        # Numbers are decimal, and exact.
        ("0.1 + 0.2", number("0.3")),
        ("1 / 3 * 3", number("0.9999999999999999999999999999999999")),
        ("2 ** 3 ** 2", number("64")),
        ("-3 ** 2", number("9")),
        ("2 + 3 * 4", number("14")),
        (".5 + 1e2", number("100.5")),
        # Texts.
        ('"a" + "b"', "ab"),
        (r'"\u0041\n"', "A\n"),
        ('"a" < "b"', True),
        # Single quotes are ours.
        ("incident.impact = 'high'", True),
        ("""'a"b' + "c'd" + 'e\\'f'""", """a"bc'de'f"""),
        ("@'P1D'", timedelta(days=1)),
        ("{'x y': 1}.x y", number("1")),
        # Comparisons, and tests after `in`.
        ("a between 1 and 7", True),
        ("a in [1..7)", False),
        # What follows `in` ends where a condition goes on.
        ("a in [1..9] and b = 3", False),
        ("a in [1..2] or b = 2", True),
        ("a in (1, 2) = false", True),
        ("a in (b) + 5", True),
        ("b in ([1, 2])[2]", True),
        ("a in (> b) and b in < a", True),
        ("a in (1, 7)", True),
        ("a in (> 100, < 10)", True),
        ("a in (1..8)", True),
        ("a in ]1..7]", True),
        ("not(a in (1, 2))", True),
        ("(> 5) = (> 5)", True),
        # Lists, filters, paths.
        ("items[cost > 10].who-did", ["bob"]),
        ("items[-1].who-did", "bob"),
        ("items.cost", [Decimal(5), Decimal(50)]),
        ("items[item.cost < 10][1].cost", number("5")),
        ("[1, 2, 3][item >= 2]", [Decimal(2), Decimal(3)]),
        ("[1, 2][5]", None),
        ("[[1], [2]][1]", [Decimal(1)]),
        # Phrases.
        ("if a > 5 then 1 else 2", number("1")),
        ("if null then 1 else 2", number("2")),
        ("for x in 1..3 return x * a", [Decimal(7), Decimal(14), Decimal(21)]),
        ("for x in 3..1 return x", [Decimal(3), Decimal(2), Decimal(1)]),
        ("for x in [1, 2], y in [x, 10] return y", [Decimal(n) for n in (1, 10, 2, 10)]),
        (
            "for i in 0..3 return if i = 0 then 1 else i * partial[-1]",
            [Decimal(n) for n in (1, 1, 2, 6)],
        ),
        ("some i in items satisfies i.cost > 10", True),
        ("every i in items satisfies i.cost > 10", False),
        ("{x: 1, y: x + 1}.y", number("2")),
        ("{f: function(n: number) n + 1, r: f(n: 2)}.r", number("3")),
        ("a instance of number", True),
        ('"x" instance of number', False),
        ("items instance of list<context<cost: number>>", True),
        # Moments.
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('@"2024-02-29" - @"P1Y"', date(2023, 2, 28)),
        ('@"2026-03-01" - @"2026-02-01"', timedelta(days=28)),
        ('@"P1Y" + @"P6M"', Months(18)),
        ('@"PT1H" * 1.5', timedelta(minutes=90)),
        ('@"23:00:00" + @"PT2H"', time(1)),
        ('@"P1D" / @"PT12H"', number("2")),
        ('duration("P1DT2H").hours', number("2")),
        ('date and time("2026-03-01T24:00:00Z")', datetime(2026, 3, 2, tzinfo=UTC)),
        ('day of week(@"2026-03-01")', "Sunday"),
        # The library.
        ('substring("foobar", -3, 2)', "ba"),
        ('string length("🐎")', number("1")),
        ('upper case("aß")', "ASS"),
        ('replace("0123", "(\\\\d)(\\\\d)", "$2$1")', "1032"),
        ('split("a;b", ";")', ["a", "b"]),
        ('matches("Anna", "^a.*A$", "i")', True),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ("sum([1, 2.5])", number("3.5")),
        ("min(3, 1, 2)", number("1")),
        ("sort([3, 1, 2], function(x, y) x > y)", [Decimal(3), Decimal(2), Decimal(1)]),
        ("distinct values([1, 2, 1])", [Decimal(1), Decimal(2)]),
        ("union([1, 2], [2, 3])", [Decimal(1), Decimal(2), Decimal(3)]),
        ("flatten([1, [2, [3]]])", [Decimal(1), Decimal(2), Decimal(3)]),
        ("median(1, 2, 3, 10)", number("2.5")),
        ("round half up(5.125, 2)", number("5.13")),
        ("decimal(2.5, 0)", number("2")),
        ("modulo(-12, 5)", number("3")),
        ("string(1.10)", "1.10"),
        ('number("1 000,5", " ", ",")', number("1000.5")),
        ("overlaps([1..5], [5..8])", True),
        ("before([1..5), 5)", True),
        ('context put({x: 1}, "y", 2).y', number("2")),
        ('get value({x: 1}, "x")', number("1")),
        ('range("[1..3]")', Range(Decimal(1), Decimal(3))),
    ],
)
def test_an_expression_has_this_value(text: str, expected: Value) -> None:
    found = compiled(text).evaluate(VALUES)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        ("true", "true", True, True),
        ("true", "false", False, True),
        ("true", "null", None, True),
        ("false", "null", False, None),
        ("null", "false", False, None),
        ("null", "true", None, True),
        ("null", "null", None, None),
        ("false", "false", False, False),
    ],
)
def test_conditions_have_three_values(left: str, right: str, both: Value, either: Value) -> None:
    assert compiled(f"{left} and {right}").evaluate({}) is both
    assert compiled(f"{left} or {right}").evaluate({}) is either
    assert compiled(f"{left} and {right} and true").evaluate({}) is both
    assert compiled(f"{left} or {right} or false").evaluate({}) is either


@pytest.mark.parametrize(
    ("text", "expected", "warning"),
    [
        ("null = null", True, None),
        ("a = null", False, None),
        ("a != null", True, None),
        ("null + 1", None, "`+` cannot join null and a number"),
        ("null < 1", None, "`<` cannot compare null with a number"),
        ('1 = "1"', None, "`=` cannot compare a number with text"),
        ("1 / 0", None, "`/` has no value here"),
        ("null.x", None, "`x` of null is asked for"),
        ("not(null)", None, "`not` cannot take null"),
        ("-null", None, "`-` cannot turn null"),
        ("sum([])", None, "an empty list has no sum"),
        ("[1][2]", None, "there is no item 2 in a list of 1"),
        ("[3..1]", None, "the range runs backwards"),
        ("for x in null return x", None, "null cannot be walked"),
        ("sqrt(-1)", None, "a negative number has no square root"),
        ('number("x")', None, "the text is not a number"),
        ("yes", None, None),
        ("incident.gone", None, "there is no `gone` in the group"),
    ],
)
def test_an_error_is_null_and_leaves_a_warning(
    text: str, expected: Value, warning: str | None
) -> None:
    found = compiled(text).explain(VALUES)

    assert found.value is expected
    assert [one.message for one in found.warnings] == ([] if warning is None else [warning])


def test_a_warning_tells_its_place() -> None:
    found = compiled("1 + (2 / 0)").explain({})

    assert (found.warnings[0].offset, found.warnings[0].length) == (4, 7)


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("700", Decimal(700), True),
        (">= 700", Decimal(700), True),
        ("[500..700)", Decimal(700), False),
        ("[500..700)", Decimal(500), True),
        ("1, 2, > 10", Decimal(11), True),
        ("not(1, 2)", Decimal(2), False),
        ("not(1, 2)", Decimal(3), True),
        ("-5", Decimal(-5), True),
        ("? > 4 and ? < 9", Decimal(5), True),
        ("> a", Decimal(8), True),
        ("[1, 2]", Decimal(2), True),
        ("null", None, True),
        ("!= 3", Decimal(4), True),
        ("> 3", None, None),
        ("not(> 3)", None, None),
    ],
)
def test_a_cell_tests_its_input(cell: str, value: Value, expected: Value) -> None:
    found = compile_test(cell, NumberType(), {"a": NumberType()})

    assert isinstance(found, Compiled), found
    assert found.evaluate({"?": value, "a": Decimal(7)}) is expected


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        (
            'incident.impact = "high" and incident.reopen-count > 2',
            {"incident.impact", "incident.reopen-count"},
        ),
        ("incident", {"incident"}),
        ("items[cost > a].who-did", {"items", "items.cost", "items.who-did", "a"}),
        ("for x in items return x.cost", {"items", "items.cost"}),
        ("1 + 1", set[str]()),
        ("today()", {"now"}),
    ],
)
def test_what_is_read_is_known_before(text: str, reads: set[str]) -> None:
    assert compiled(text).reads == reads


def test_the_clock_is_given_and_never_read() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    assert compiled("today()").evaluate({"now": now}) == date(2026, 3, 1)
    assert compiled("now()").evaluate({}) is None


def test_a_compiled_list_is_not_shared_with_its_reader() -> None:
    one = compiled("[1, 2]")
    first = one.evaluate({})
    assert isinstance(first, list)
    first.append("mine")

    assert one.evaluate({}) == [Decimal(1), Decimal(2)]


def test_a_context_of_the_thread_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 3
        found = compile_expression("1 / 3", {})
        assert isinstance(found, Compiled)

        assert found.evaluate({}) == Decimal("0.3333333333333333333333333333333333")
