"""Decision tables: every hit policy, defaults, allowed values, and how an answer was found."""

from decimal import Decimal

import pytest

from kingpost.expressions import (
    Compiled,
    ContextType,
    DateType,
    NumberType,
    Scope,
    TextType,
    Value,
    YesNoType,
    compile_test,
)
from kingpost.rules import (
    Aggregation,
    Answer,
    DecisionTable,
    Head,
    HitPolicy,
    Hits,
    InputClause,
    OutputClause,
    Row,
    Spot,
    TableRuling,
    Text,
    compile_decision_table,
)

SCOPE: Scope = {
    "score": NumberType(),
    "kind": TextType(),
    "member": YesNoType(),
    "day": DateType(),
    "app": ContextType({"score": NumberType()}),
}
BANDS = [(">= 700", '"low"'), ("[500..700)", '"medium"'), ("< 600", '"high"')]


def row(*cells: str) -> Row:
    return Row(tuple(map(Text, cells[:-1])), (Text(cells[-1]),))


def banded(policy: HitPolicy, rows: list[tuple[str, str]], **more: object) -> DecisionTable:
    allowed = Text('"high", "medium", "low"')
    return DecisionTable(
        inputs=(InputClause(Text("score")),),
        outputs=(OutputClause("band", allowed=allowed),),
        rows=tuple(row(*cells) for cells in rows),
        hit_policy=policy,
        **more,  # type: ignore[arg-type]
    )


def ruling(table: DecisionTable) -> TableRuling:
    found = compile_decision_table(table, SCOPE)
    assert isinstance(found, TableRuling), found
    return found


def answer(table: DecisionTable, **values: Value) -> Answer:
    return ruling(table).answer(values)


@pytest.mark.parametrize(
    ("policy", "score", "value", "matched", "fired"),
    [
        (HitPolicy.UNIQUE, 710, "low", (1,), (1,)),
        (HitPolicy.UNIQUE, 500, None, (2, 3), ()),
        (HitPolicy.FIRST, 500, "medium", (2,), (2,)),
        (HitPolicy.ANY, 650, "medium", (2,), (2,)),
        (HitPolicy.ANY, 550, None, (2, 3), ()),
        (HitPolicy.PRIORITY, 550, "high", (2, 3), (3,)),
        (HitPolicy.RULE_ORDER, 550, ["medium", "high"], (2, 3), (2, 3)),
        (HitPolicy.OUTPUT_ORDER, 550, ["high", "medium"], (2, 3), (3, 2)),
        (HitPolicy.COLLECT, 550, ["medium", "high"], (2, 3), (2, 3)),
    ],
)
def test_a_hit_policy_says_which_rows_count(
    policy: HitPolicy, score: int, value: Value, matched: tuple[int, ...], fired: tuple[int, ...]
) -> None:
    found = answer(banded(policy, BANDS), score=Decimal(score))

    assert found.value == value
    assert (found.hits.matched, found.hits.fired) == (matched, fired)


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [
        (Aggregation.LIST, [Decimal(5), Decimal(7)]),
        (Aggregation.SUM, Decimal(12)),
        (Aggregation.COUNT, Decimal(2)),
        (Aggregation.MIN, Decimal(5)),
        (Aggregation.MAX, Decimal(7)),
    ],
)
def test_collect_may_make_one_value_of_the_results(aggregation: Aggregation, value: Value) -> None:
    rows = [("> 0", "5"), ("> 1", "7"), ("> 9", "100")]

    found = answer(banded(HitPolicy.COLLECT, rows, aggregation=aggregation), score=Decimal(3))

    assert found.value == value
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("policy", "score", "message"),
    [
        (HitPolicy.UNIQUE, 550, "the rows 2, 3 match, and only one may"),
        (HitPolicy.ANY, 550, "the rows 2, 3 match and answer differently"),
    ],
)
def test_an_answer_that_the_policy_forbids_is_null_and_says_why(
    policy: HitPolicy, score: int, message: str
) -> None:
    found = answer(banded(policy, BANDS), score=Decimal(score))

    assert [remark.message for remark in found.remarks] == [message]


def test_equal_answers_of_several_rows_are_one_answer_under_any() -> None:
    found = answer(banded(HitPolicy.ANY, [("> 1", '"a"'), ("> 2", '"a"')]), score=Decimal(3))

    assert (found.value, found.hits.fired) == ("a", (1, 2))


def test_no_row_answers_null_with_a_remark() -> None:
    found = answer(banded(HitPolicy.UNIQUE, [("> 1", '"a"')]), score=Decimal(0))

    assert found.value is None
    assert [remark.message for remark in found.remarks] == ["no row matches"]


def test_a_default_answers_when_no_row_matches() -> None:
    table = DecisionTable(
        inputs=(InputClause(Text("score")),),
        outputs=(OutputClause("band", default=Text('"none"')), OutputClause("fee")),
        rows=(Row((Text("> 5"),), (Text('"some"'), Text("score * 2"))),),
    )

    none, some = answer(table, score=Decimal(1)), answer(table, score=Decimal(6))

    assert none.value == {"band": "none", "fee": None}
    assert some.value == {"band": "some", "fee": Decimal(12)}


def test_a_table_tells_what_it_tested_and_how_many_rows_it_tried() -> None:
    table = DecisionTable(
        inputs=(
            InputClause(Text("app.score")),
            InputClause(Text("kind"), head=Head(label="Kind of customer")),
        ),
        outputs=(OutputClause(),),
        rows=(row("> 5", '"a"', "1"), row("> 5", "-", "2"), row("-", "-", "3")),
        hit_policy=HitPolicy.FIRST,
    )

    found = answer(table, app={"score": Decimal(9)}, kind="b")

    assert found.hits == Hits({"app.score": Decimal(9), "Kind of customer": "b"}, 2, (2,), (2,))


def test_an_input_outside_its_allowed_values_is_null_with_a_remark() -> None:
    table = DecisionTable(
        inputs=(InputClause(Text("kind"), allowed=Text('"a", "b"')),),
        outputs=(OutputClause(),),
        rows=(row("-", "1"),),
    )

    found = answer(table, kind="c")

    assert found.hits.inputs == {"kind": None}
    assert [remark.message for remark in found.remarks] == ["text is not among the allowed values"]


CELLS = ["-", "5", "> 5", "not(5)", "[1..5]", "]1..5[", "1, 3, > 9", "not(< 2, 4)", "null", "!= 3"]


@pytest.mark.parametrize(
    "score", [None, *map(Decimal, ["0", "1", "2", "3", "3.5", "5", "9", "10"])]
)
def test_a_column_that_is_looked_up_answers_as_its_cells_do_one_by_one(score: Value) -> None:
    rows = [(cell, "1") for cell in CELLS]
    cells = [compile_test(cell, NumberType(), {}) for cell in CELLS]

    matched = answer(banded(HitPolicy.COLLECT, rows), score=score).hits.matched

    alone = [isinstance(cell, Compiled) and cell.evaluate({"?": score}) for cell in cells]
    assert matched == tuple(number for number, one in enumerate(alone, 1) if one is True)


@pytest.mark.parametrize(
    ("expression", "cells", "value", "matched"),
    [
        ("kind", ['"a"', '"a", "b"', 'not("a")', "-"], "c", (3, 4)),
        ("kind", ['"a"', '"a", "b"', 'not("a")', "-"], "a", (1, 2, 4)),
        ("kind", ['> "b"', '"c"'], "c", (1, 2)),
        ("member", ["true", "false", "-"], False, (2, 3)),
        ("member", ["true", "not(true)"], None, (2,)),
    ],
)
def test_texts_and_yes_no_are_looked_up_too(
    expression: str, cells: list[str], value: Value, matched: tuple[int, ...]
) -> None:
    table = DecisionTable(
        inputs=(InputClause(Text(expression)),),
        outputs=(OutputClause(),),
        rows=tuple(row(cell, "1") for cell in cells),
        hit_policy=HitPolicy.COLLECT,
    )

    assert answer(table, **{expression: value}).hits.matched == matched


def problems(table: DecisionTable) -> list[tuple[str, int, str, str]]:
    found = compile_decision_table(table, SCOPE, site="rule `band`")
    assert isinstance(found, tuple)
    return [(one.site.name, one.site.at.line, one.message, one.help) for one in found]


def test_everything_that_is_wrong_with_a_table_is_said_at_once() -> None:
    table = DecisionTable(
        inputs=(InputClause(Text("scrore", at=Spot(3, 9))),),
        outputs=(OutputClause("a"), OutputClause("b")),
        rows=(
            Row((Text("> x", at=Spot(5, 9)),), (Text("1"), Text("2")), at=Spot(5, 3)),
            Row((Text("1"),), (Text("1"),), at=Spot(6, 3)),
        ),
        hit_policy=HitPolicy.COLLECT,
        aggregation=Aggregation.SUM,
        at=Spot(2, 1),
    )

    assert problems(table) == [
        (
            "rule `band`, input `scrore`",
            3,
            "`scrore` is not known here",
            "Write `score`.",
        ),
        (
            "rule `band`",
            2,
            "`sum` cannot join rows of 2 outputs",
            "Collect the rows as a list.",
        ),
        (
            "rule `band`",
            6,
            "a row of the table has not a cell for each column",
            "Give each column a cell.",
        ),
        (
            "rule `band`, row 1, input `scrore`",
            5,
            "`x` is not known here",
            "Use a name that is declared.",
        ),
    ]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (
            DecisionTable((), (), ()),
            ("the table has no output", "Give it a column of answers."),
        ),
        (
            DecisionTable((), (OutputClause(),), (), HitPolicy.PRIORITY),
            (
                "the hit policy `priority` needs values in an order of priority",
                "List the values of an output.",
            ),
        ),
        (
            DecisionTable(
                (InputClause(Text("score")),), (OutputClause(head=Head(type="tBand")),), ()
            ),
            ("there is no type `tBand`", "Name a type that is declared."),
        ),
        (
            DecisionTable((InputClause(Text("if", language="python")),), (OutputClause(),), ()),
            ("the language `python` is not run here", "Write it in FEEL."),
        ),
    ],
)
def test_what_a_table_may_not_be_is_said_in_words(
    table: DecisionTable, problem: tuple[str, str]
) -> None:
    assert [(message, help_) for _, _, message, help_ in problems(table)] == [problem]
