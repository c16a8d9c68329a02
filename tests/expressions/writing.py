"""Expressions made at random: mostly of types that fit, so that they go deep before they fail."""

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import strategies as st

from kingpost.expressions import (
    AnyType,
    ChoiceType,
    ContextType,
    ListType,
    MoneyType,
    NumberType,
    Scope,
    TextType,
    Value,
    YesNoType,
)

SCOPE: Scope = {
    "a": NumberType(),
    "amount": MoneyType("EUR"),
    "t": TextType(),
    "band": ChoiceType(("low", "high")),
    "done": YesNoType(),
    "x": AnyType(),
    "g": ContextType(
        {"n": NumberType(), "s": TextType(), "inner": ContextType({"m": NumberType()})}
    ),
    "l": ListType(NumberType()),
    "rows": ListType(ContextType({"k": TextType(), "v": NumberType()})),
}
NUMBERS = ["a", "amount", "g.n", "g.inner.m", "0", "1", "2.5", "-3", "l[1]", "x", "null", "1e30"]
TEXTS = ["t", "band", "g.s", '"low"', '"b"', '""', "rows[1].k", "x", "null"]
ANSWERS = ["done", "true", "false", "null", "x"]
LISTS = ["l", "rows.v", "[1, 2, 3]", "[]", "[null, 1]", "x", "[1..3]"]

# What a shape names in braces is written in its place: n, m, k numbers; t, u texts; c, d answers;
# l, j lists; x, y anything.
KINDS = {
    "n": "number", "m": "number", "k": "number", "t": "text", "u": "text", "c": "answer",
    "d": "answer", "l": "list", "j": "list", "x": "any", "y": "any",
}  # fmt: skip
SHAPES: dict[str, list[str]] = {
    "number": [
        "({n} + {m})", "({n} - {m})", "({n} * {m})", "({n} / {m})", "({n} ** {m})", "-{n}",
        "(if {c} then {n} else {m})", "count({l})", "sum({l})", "{l}[{n}]",
        "{{p: {n}, q: p + 1}}.q", "(function(p) p + {n})({m})", "string length({t})",
    ],
    "text": ["({t} + {u})", "string({x})", "upper case({t})", "(if {c} then {t} else {u})"],
    "answer": [
        "({n} = {m})", "({x} = {y})", "({x} != {y})", "({n} < {m})", "({x} >= {y})", "({t} = {u})",
        "({c} and {d})", "({c} or {d})", "({c} or {d} or {x})", "not({c})",
        "({n} between {m} and {k})", "({n} in [{m}..{k}))", "({n} in [1..3])", "({x} in {l})",
        "({n} in (1, > {m}, {l}))", '({t} in ("low", "high"))', '({t} = "low")',
        "(some p in {l} satisfies p > {n})", "(every p in {l}, q in {j} satisfies p > q)",
        "({x} instance of number)", "list contains({l}, {x})",
    ],
    "list": [
        "[{x}, {y}]", "(for p in {l} return p + {n})", "(for p in {l}, q in {j} return [p, q])",
        "(for p in 1..3 return count(partial) + {n})", "{l}[item > {n}]", "{l}[{x}]",
        "(for f in (for p in {l} return function() p) return f())", "rows[v > {n}].k",
        "sort({l}, function(p, q) p < q)", "concatenate({l}, {j})", "{{p: {x}, q: [p, {y}]}}.q",
    ],
}  # fmt: skip
LEAVES = {"number": NUMBERS, "text": TEXTS, "answer": ANSWERS, "list": LISTS}
DEPTH_MAX = 4


def expression(choices: Iterator[int], kind: str = "any", depth: int = 0) -> str:
    """Write an expression, asking for a number wherever there is a choice."""
    if kind == "any":
        kind = list(SHAPES)[next(choices, 0) % len(SHAPES)]
    options = LEAVES[kind] if depth == DEPTH_MAX else LEAVES[kind] + SHAPES[kind] * 2
    shape = options[next(choices, 0) % len(options)]
    if shape in LEAVES[kind]:
        return shape
    parts = {name: part for name, part in KINDS.items() if f"{{{name}}}" in shape}
    written = {name: expression(choices, part, depth + 1) for name, part in parts.items()}
    return shape.format_map(written)


expressions = st.binary(min_size=16, max_size=48).map(lambda choices: expression(iter(choices)))
PLAIN: list[Value] = [
    None, True, False, Decimal(0), Decimal(2), Decimal("-1.5"), "low", "", [Decimal(1)],
    {"n": None},
]  # fmt: skip
SOME_NUMBERS: list[Value] = [None, Decimal(0), Decimal(1), Decimal(4)]
SOME_TEXTS: list[Value] = [None, "low", "high", ""]


def values(choices: Iterator[int]) -> dict[str, Value]:
    """Give each name of the scope a value or null."""

    def one(options: list[Value]) -> Value:
        return options[next(choices, 0) % len(options)]

    def some(options: list[Value]) -> list[Value]:
        return [one(options) for _ in range(next(choices, 0) % 4)]

    inner = one([None, {"m": Decimal(3)}])
    group: Value = {"n": one(SOME_NUMBERS), "s": one(SOME_TEXTS), "inner": inner}
    keys, numbers = some(SOME_TEXTS), some(SOME_NUMBERS)
    return {
        "a": one(SOME_NUMBERS),
        "amount": one(SOME_NUMBERS),
        "t": one(SOME_TEXTS),
        "band": one(SOME_TEXTS),
        "done": one([None, True, False]),
        "x": one(PLAIN),
        "g": one([None, group]),
        "l": one([None, some(SOME_NUMBERS)]),
        "rows": [{"k": key, "v": number} for key, number in zip(keys, numbers, strict=False)],
    }


given_values = st.binary(min_size=20, max_size=30).map(lambda choices: values(iter(choices)))
