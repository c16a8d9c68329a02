"""Boxed expressions: what each yields, what becomes null, and the words that say why."""

from decimal import Decimal

import pytest

from kingpost.expressions import (
    AnyType,
    ContextType,
    FunctionType,
    ListType,
    NumberType,
    Scope,
    TextType,
    Value,
)
from kingpost.rules import (
    Binding,
    BoxedContext,
    BoxedList,
    Conditional,
    Entry,
    Filter,
    FunctionDefinition,
    FunctionKind,
    Head,
    Invocation,
    Iteration,
    Logic,
    Outcome,
    Relation,
    RelationRow,
    Ruling,
    Spot,
    Text,
    Variable,
    compile_logic,
)

SCOPE: Scope = {
    "n": NumberType(),
    "any": AnyType(),
    "people": ListType(ContextType({"name": TextType(), "age": NumberType()})),
}
TWO, FOUR = Decimal(2), Decimal(4)


def typed(name: str, type_: str) -> Variable:
    return Variable(name, Head(type=type_))


def outcome(logic: Logic, **values: Value) -> Outcome:
    found = compile_logic(logic, SCOPE, site="here")
    assert isinstance(found, Ruling), found
    assert found.evaluate(values) == found.explain(values).value
    return found.explain(values)


def value(logic: Logic, **values: Value) -> Value:
    return outcome(logic, **values).value


def remarks(logic: Logic, **values: Value) -> list[tuple[str, str]]:
    return [(one.site.name, one.message) for one in outcome(logic, **values).remarks]


def entry(name: str, text: str) -> Entry:
    return Entry(Text(text), Variable(name))


def doubled(text: str = "x * 2") -> FunctionDefinition:
    return FunctionDefinition((typed("x", "number"),), Text(text))


def test_an_entry_of_a_context_reads_those_before_it() -> None:
    box = BoxedContext((entry("a", "n + 1"), entry("b", "a * 2")))

    assert value(box, n=Decimal(1)) == {"a": TWO, "b": FOUR}


def test_the_result_cell_of_a_context_is_its_value() -> None:
    box = BoxedContext((entry("a", "n + 1"), Entry(Text("a * 2"))))

    assert value(box, n=Decimal(1)) == FOUR


def test_a_list_holds_its_items_in_order() -> None:
    assert value(BoxedList((Text("1 + 1"), Text("n"))), n=FOUR) == [TWO, FOUR]


def test_a_relation_is_a_list_of_contexts() -> None:
    rows = (RelationRow((Text('"a"'), Text("2"))), RelationRow((Text('"b"'), Text("n"))))
    box = Relation((Variable("k"), Variable("v")), rows)

    assert value(box, n=FOUR) == [{"k": "a", "v": TWO}, {"k": "b", "v": FOUR}]


def test_an_invocation_binds_parameters_by_name() -> None:
    box = BoxedContext(
        (
            Entry(doubled(), Variable("double")),
            Entry(Invocation(Text("double"), (Binding(Variable("x"), Text("n")),))),
        )
    )

    assert value(box, n=TWO) == FOUR


def test_a_boxed_function_can_be_called_in_text_and_reads_the_names_around_it() -> None:
    box = BoxedContext((Entry(doubled("x * n"), Variable("times")), Entry(Text("times(2)"))))

    assert value(box, n=TWO) == FOUR


@pytest.mark.parametrize(("n", "expected"), [(1, "few"), (9, "many"), (None, "many")])
def test_a_conditional_chooses_one_of_two(n: int | None, expected: str) -> None:
    box = Conditional(Text("n < 5"), Text('"few"'), Text('"many"'))

    assert value(box, n=None if n is None else Decimal(n)) == expected


PEOPLE: Value = [{"name": "Ada", "age": Decimal(36)}, {"name": "Bob", "age": Decimal(9)}]


@pytest.mark.parametrize("test", ["age > 18", "item.age > 18", 'name = "Ada"'])
def test_a_filter_reads_the_item_and_its_members(test: str) -> None:
    assert value(Filter(Text("people"), Text(test)), people=PEOPLE) == [PEOPLE[0]]  # type: ignore[index]


def test_a_filter_may_be_a_box_itself() -> None:
    test = Conditional(Text("age > 18"), Text("true"), Text("false"))

    assert value(Filter(Text("people"), test), people=PEOPLE) == [PEOPLE[0]]  # type: ignore[index]


def test_a_filter_of_items_without_a_type_finds_their_members() -> None:
    assert value(Filter(Text("any"), Text("age > 18")), any=PEOPLE) == [PEOPLE[0]]  # type: ignore[index]


@pytest.mark.parametrize(
    ("word", "body", "expected"),
    [
        ("for", "x * 2", [TWO, FOUR]),
        ("for", "count(partial)", [Decimal(0), Decimal(1)]),
        ("some", "x > 1", True),
        ("every", "x > 1", False),
    ],
)
def test_a_walk_goes_over_every_item(word: str, body: str, expected: Value) -> None:
    box = Iteration(word, "x", Text("[1, 2]"), Text(body))  # type: ignore[arg-type]

    assert value(box) == expected


def test_a_walk_goes_over_a_range() -> None:
    assert value(Iteration("for", "x", Text("[1..3]"), Text("x"))) == [1, 2, 3]


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (Invocation(Text("any"), ()), ("here", "what is called is no function")),
        (
            Invocation(doubled(), (Binding(Variable("y"), Text("1")),)),
            ("here", "the function has no parameter `y`"),
        ),
        (
            Invocation(doubled(), (Binding(Variable("x"), Text("any")),)),
            ("here", "text is not a number"),
        ),
        (Conditional(Text("any"), Text("1"), Text("2")), ("here", "the condition is text")),
        (Text("any", head=Head(type="number")), ("here", "text is not a number")),
        (
            BoxedContext((Entry(Text("any"), typed("a", "date")),)),
            ("here, entry `a`", "text is not a date"),
        ),
    ],
)
def test_what_does_not_fit_is_null_with_a_remark(logic: Logic, expected: tuple[str, str]) -> None:
    assert remarks(logic, any="text") == [expected]


@pytest.mark.parametrize(
    ("logic", "problem"),
    [
        (
            BoxedContext((entry("a", "1"), Entry(Text("2"), Variable("a"), at=Spot(4, 2)))),
            ("here", 4, "`a` is named twice", "Give each entry a name of its own."),
        ),
        (
            Relation((Variable("k"),), (RelationRow(()),), at=Spot(7, 1)),
            ("here", 7, "row 1 has not a cell for each column", "Give each column a cell."),
        ),
        (
            FunctionDefinition((), None, FunctionKind.JAVA, at=Spot(9, 1)),
            ("here", 9, "functions in Java are not run here", "Write the function in FEEL."),
        ),
        (
            Filter(Text("people"), Text("age >", at=Spot(2, 2))),
            (
                "here, the test",
                2,
                "expected a value, found the end",
                "Write an expression such as `a > 1`.",
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_box_is_said_with_its_place(
    logic: Logic, problem: tuple[str, int, str, str]
) -> None:
    found = compile_logic(logic, SCOPE, site="here")

    assert isinstance(found, tuple)
    assert [(one.site.name, one.site.at.line, one.message, one.help) for one in found] == [problem]


def test_a_function_that_calls_itself_for_ever_is_null_and_says_so() -> None:
    box = BoxedContext(
        (
            Entry(FunctionDefinition((Variable("f"),), Text("f(f)")), Variable("again")),
            Entry(Text("again(again)")),
        )
    )

    assert remarks(box)[-1] == ("here", "the expression calls itself too deeply")


def test_a_walk_pays_from_one_purse() -> None:
    inner = Iteration("for", "y", Text("[1..3000]"), Text("y"))
    box = Iteration("for", "x", Text("[1..3000]"), inner)

    assert remarks(box) == [("here", "the expression takes more than 1000000 steps")]


def test_a_function_has_the_type_of_its_parameters_and_its_result() -> None:
    found = compile_logic(doubled(), SCOPE)

    assert isinstance(found, Ruling)
    assert found.type == FunctionType((NumberType(),), NumberType())
