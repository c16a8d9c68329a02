"""What is said about an expression that does not fit its scope, word for word."""

import pytest

from kingpost.expressions import (
    ChoiceType,
    Compiled,
    ContextType,
    DateType,
    DurationType,
    Lexicon,
    ListType,
    MoneyType,
    NumberType,
    Problem,
    Scope,
    TextType,
    Type,
    YesNoType,
    compile_expression,
    compile_test,
)

NEVER = "It never has a value: correct it."
DIGITS = "9" * 5_000
IMPACT = ChoiceType(("high", "medium", "low"))
INCIDENT = ContextType(
    {
        "impact": IMPACT,
        "reopen-count": NumberType(),
        "assignment-group": TextType(),
        "opened": DateType(),
        "tags": ListType(TextType()),
    }
)
SCOPE: Scope = {"incident": INCIDENT, "a": NumberType(), "done": YesNoType()}


def problems(text: str, expects: Type | None = None) -> list[tuple[str, str, str]]:
    found = compile_expression(text, SCOPE, expects)
    assert isinstance(found, tuple), text
    return [(text[one.offset : one.offset + one.length], one.message, one.help) for one in found]


@pytest.mark.parametrize(
    ("text", "place", "message", "help_"),
    [
        (
            'incident.impackt = "high"',
            "impackt",
            "`impackt` is not a field of `incident`",
            "Write `incident.impact`.",
        ),
        (
            "incident.reopen-cuont > 1",
            "reopen-cuont",
            "`reopen-cuont` is not a field of `incident`",
            "Write `incident.reopen-count`.",
        ),
        ("a / 0 > 1", "a / 0", "nothing can be divided by 0", "Divide by something else."),
        ("1 + 2 / (1 - 1)", "2 / (1 - 1)", "`/` has no value here", NEVER),
        (
            "done or a > null",
            "a > null",
            "`>` with null has no answer",
            "Write `= null` or `!= null`, or compare with a value.",
        ),
        (
            'duration("P1Y") > duration("P300D")',
            'duration("P1Y") > duration("P300D")',
            "`>` cannot compare a duration of months with a duration",
            "Compare a duration of months with a duration of months.",
        ),
        (
            'incident.opened + (duration("P1D") + duration("-P2M"))',
            'duration("P1D") + duration("-P2M")',
            "`+` cannot join a duration and a duration of months",
            "Use operands of types that go together.",
        ),
        ("a + null", "a + null", "`+` with null has no value", "Write a value in its place."),
        (
            'incident.opened > date("2024-13-45")',
            'date("2024-13-45")',
            "`2024-13-45` is not a date",
            NEVER,
        ),
        ("time(25, 0, 0)", "time(25, 0, 0)", "these numbers are not a time", NEVER),
        ("a > 10 ** 7000", "10 ** 7000", "`**` has no value here", NEVER),
        (
            f"a > {DIGITS}",
            DIGITS,
            f"`{DIGITS[:40]}…` has more than 34 digits",
            "Write at most 34 digits.",
        ),
        (
            "1e-6200 + a",
            "1e-6200",
            "`1e-6200` is too near to 0",
            "Write 0, or a number from 1e-6143 on.",
        ),
        ("1e6145 + a", "1e6145", "`1e6145` is too large a number", "Write a number below 1e6144."),
        ("incdent.impact", "incdent", "`incdent` is not known here", "Write `incident`."),
        ("incdent.reopen-count > 1", "incdent", "`incdent` is not known here", "Write `incident`."),
        (
            "zz-top.first-seen.of-all",
            "zz-top",
            "`zz-top` is not known here",
            "Use a name that is declared.",
        ),
        ("impact > 1", "impact", "`impact` is not known here", "Write `incident.impact`."),
        ("cuont([1])", "cuont", "`cuont` is not known here", "Write `count`."),
        ("incident.impact = high", "high", "`high` is not known here", 'Write `"high"`.'),
        ("a == 1", "=", "expected a value, found `=`", "Write `=` once."),
        (
            "done && done",
            "&",
            "expected an operator or the end, found `&`",
            "Write `and`.",
        ),
        (
            "!done",
            "!",
            "expected a value, found `!`",
            "Write `not(...)`, or `!=` between two values.",
        ),
        ("zzz", "zzz", "`zzz` is not known here", "Use a name that is declared."),
        (
            'incident.impact = "hgih"',
            '"hgih"',
            '`"hgih"` is not one of the declared values',
            'Write `"high"`.',
        ),
        (
            'incident.impact in ("high", "zzz")',
            '"zzz"',
            '`"zzz"` is not one of the declared values',
            'Write one of `"high"`, `"medium"`, `"low"`.',
        ),
        (
            'incident.reopen-count = "3"',
            'incident.reopen-count = "3"',
            "`=` cannot compare a number with text",
            "Compare a number with a number.",
        ),
        (
            "incident.opened > 3",
            "incident.opened > 3",
            "`>` cannot compare a date with a number",
            "Compare a date with a date.",
        ),
        (
            '"a" + 1',
            '"a" + 1',
            "`+` cannot join text and a number",
            "Use operands of types that go together.",
        ),
        (
            "a and done",
            "a",
            "`and` expects yes/no, found a number",
            "Write a condition such as `a > 1`.",
        ),
        (
            "if a then 1 else 2",
            "a",
            "`if` expects yes/no, found a number",
            "Write a condition such as `a > 1`.",
        ),
        (
            "upper case(a)",
            "a",
            "`upper case` expects text as `string`, found a number",
            "Write text.",
        ),
        (
            'substring("x")',
            'substring("x")',
            "`substring` does not take these arguments",
            "Write `substring(string, start position, length)`.",
        ),
        ("a(1)", "a", "a number cannot be called", "Call a function."),
        ('-"x"', '-"x"', "`-` cannot turn text", "Use a number or a duration."),
        ("a.x", "x", "`x` is not a field of `a`", "Leave out `.x`: a number has no fields."),
        (
            'a between "x" and 3',
            '"x"',
            "`between` cannot compare a number with text",
            "Compare a number with a number.",
        ),
        (
            'a in ["x"]',
            '["x"]',
            "a number cannot be held against text",
            "Compare a number with a number.",
        ),
        (
            '[1.."x"]',
            '[1.."x"]',
            "the ends of a range must be of one type that has an order",
            "Write a range such as `[1..5]`.",
        ),
        ("{x: 1, x: 2}", "2", "`x` is named twice", "Give each entry a name of its own."),
        (
            '@"2026-02-30"',
            '@"2026-02-30"',
            "`2026-02-30` is not a date",
            'Write a date, time or duration such as `@"2026-03-01"`.',
        ),
        ("a +", "", "expected a value, found the end", "Write an expression such as `a > 1`."),
        (
            "a b",
            "b",
            "expected an operator or the end, found `b`",
            "Write an expression such as `a > 1`.",
        ),
        ("(a", "", "expected `)`, found the end", "Write an expression such as `a > 1`."),
        ('"open', '"', "the text has no closing quote", 'Close the text with `"`.'),
        (
            "if a > 1 then 2",
            "",
            "expected `else`, found the end",
            "Write an expression such as `a > 1`.",
        ),
        ("a instance of numbers", "numbers", "`numbers` is not a type", "Write `number`."),
    ],
)
def test_a_misfit_is_told_with_its_place_and_help(
    text: str, place: str, message: str, help_: str
) -> None:
    assert problems(text) == [(place, message, help_)]


def test_all_misfits_are_told_at_once() -> None:
    found = problems('incident.impackt = 1 and incident.impact = "hig" and a > "x"')

    assert [message for _, message, _ in found] == [
        "`impackt` is not a field of `incident`",
        '`"hig"` is not one of the declared values',
        "`>` cannot compare a number with text",
    ]


def test_the_place_of_an_expression_may_ask_for_a_type() -> None:
    assert problems("a", expects=YesNoType()) == [
        ("a", "this place expects yes/no, found a number", "Write a condition such as `a > 1`.")
    ]
    assert isinstance(compile_expression("a > 1", SCOPE, YesNoType()), Compiled)
    assert isinstance(compile_expression("null", SCOPE, YesNoType()), Compiled)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + 1", NumberType()),
        ("a > 1", YesNoType()),
        ("incident.impact", IMPACT),
        ("incident.opened - incident.opened", DurationType()),
        ("incident.tags[1]", TextType()),
        ('incident.tags[item != "x"]', ListType(TextType())),
        ("for t in incident.tags return string length(t)", ListType(NumberType())),
        ("if done then 1 else 2", NumberType()),
        ("{x: a}.x", NumberType()),
        ("max(a, 3)", NumberType()),
    ],
)
def test_the_type_is_known_before(text: str, expected: Type) -> None:
    found = compile_expression(text, SCOPE)

    assert isinstance(found, Compiled), found
    assert found.type == expected


def test_a_cell_is_held_against_its_subject() -> None:
    assert compile_test('"hihg"', IMPACT, {}) == (
        Problem(0, 6, '`"hihg"` is not one of the declared values', 'Write `"high"`.'),
    )
    assert compile_test('> "x"', NumberType(), {}) == (
        Problem(2, 3, "`>` cannot compare a number with text", "Compare a number with a number."),
    )
    assert compile_test("1 2", NumberType(), {}) == (
        Problem(2, 1, "expected `,` or the end, found `2`", "Write one test a cell."),
    )


def test_a_text_is_compiled_once_under_names_that_do_not_change() -> None:
    known = Lexicon(SCOPE)

    assert compile_expression("a + 1", known) is compile_expression("a + 1", known)
    assert compile_test("> a", NumberType(), known) is compile_test("> a", NumberType(), known)
    assert compile_expression("b + 1", known) is compile_expression("b + 1", known)


def test_a_text_is_judged_anew_in_another_place() -> None:
    known = Lexicon({**SCOPE, "price": MoneyType("EUR")})

    assert isinstance(compile_expression("a + 1", known), Compiled)
    assert isinstance(compile_expression("a + 1", known, YesNoType()), tuple)
    assert isinstance(compile_test("> a", NumberType(), known), Compiled)
    assert isinstance(compile_test("> a", DateType(), known), tuple)
    # Only a number that is written out may stand for an amount of money.
    assert isinstance(compile_test("> price", NumberType(), known), tuple)
    assert isinstance(compile_test("> price", NumberType(written=True), known), Compiled)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("false", (False,)),
        ("1 + 1 = 2", (True,)),
        ("null and null", (None,)),
        ("done and not(true)", (False,)),
        ("not(false and done)", (True,)),
        ("a > 1 or 3 in [1..5]", (True,)),
        ("done", None),
        ("done or false", None),
        ("a = null", None),
        ("not(done)", None),
        ("if done then true else true", None),
        ('now() > @"2020-01-01T00:00:00Z"', None),
        ("some x in [1, 2] satisfies x > 5", None),
    ],
)
def test_what_is_certain_is_told_before_it_is_evaluated(
    text: str, value: tuple[object] | None
) -> None:
    found = compile_expression(text, SCOPE, YesNoType())

    assert isinstance(found, Compiled), found
    assert found.certain == value


@pytest.mark.parametrize(
    "text",
    [
        "a / (a - a)",
        "a = null or a != null",
        "if a = 0 then null else 1 / a",
        'if incident.opened = null then null else "x"',
        "1" + "0" * 4_999,
        "0.10 + 1e-6143",
        "[1, 2, null]",
        "date(a, 13, 1)",
        "false and 1 / (1 - 1) > 1",
    ],
)
def test_nothing_is_told_of_what_may_have_a_value(text: str) -> None:
    assert isinstance(compile_expression(text, SCOPE), Compiled)
