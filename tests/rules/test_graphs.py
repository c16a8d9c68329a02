"""Graphs of decisions: what needs what, services, imports, types, and what is wrong with them."""

from datetime import datetime
from decimal import Decimal

import pytest

from kingpost.expressions import Value
from kingpost.rules import (
    DecisionTable,
    FunctionDefinition,
    FunctionKind,
    Head,
    Hits,
    InputClause,
    Logic,
    Outcome,
    OutputClause,
    Remark,
    Row,
    Spot,
    Step,
    Text,
    Variable,
)
from kingpost.rules.definitions import (
    Decision,
    Definitions,
    Element,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    Knowledge,
    Need,
    Requirement,
    Service,
)
from kingpost.rules.graphs import Graph, compile_graph

HERE = "https://example.test/here"
THERE = "https://example.test/there"


def variable(name: str, type_: str = "") -> Variable:
    return Variable(name, Head(type=type_))


def given(name: str, type_: str = "") -> InputData:
    return InputData(name, variable(name, type_), Head(id=name))


def needs(*targets: str) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(Need.DECISION, one if "#" in one else f"#{one}", at=Spot(7, 5))
        for one in targets
    )


def decision(name: str, logic: Logic | str | None, *targets: str, type_: str = "") -> Decision:
    box = Text(logic) if isinstance(logic, str) else logic
    return Decision(name, box, variable(name, type_), needs(*targets), head=Head(id=name))


def knowledge(name: str, text: str, *parameters: Variable, type_: str = "") -> Knowledge:
    function = FunctionDefinition(parameters, Text(text))
    return Knowledge(name, function, variable(name, type_), head=Head(id=name))


def model(*elements: Element, types: tuple[ItemDefinition, ...] = ()) -> Definitions:
    return Definitions("here", HERE, types=types, elements=elements, at=Spot(1, 1))


def asked(graph: Graph, name: str, **inputs: Value) -> Outcome:
    node = graph.find(name)
    assert node is not None
    return graph.evaluate(node, inputs, explaining=True)


def value(found: Definitions, name: str, **inputs: Value) -> Value:
    graph = compile_graph(found)
    assert graph.faults == ()
    return asked(graph, name, **inputs).value


def remarks(found: Definitions, name: str, **inputs: Value) -> list[tuple[str, str]]:
    outcome = asked(compile_graph(found), name, **inputs)
    return [(one.site.name, one.message) for one in outcome.remarks]


def faults(found: Definitions, *others: Definitions) -> list[tuple[str, int, str, str]]:
    return [spelled(one) for one in compile_graph(found, others).faults]


def spelled(one: Remark) -> tuple[str, int, str, str]:
    return one.site.name, one.site.at.line, one.message, one.help


def test_a_decision_reads_what_it_requires_and_nothing_else() -> None:
    found = model(
        given("a", "number"),
        given("b", "number"),
        decision("double", "a * 2", "a"),
        decision("total", "double + a", "double", "a"),
        decision("blind", "a", "b"),
    )

    assert value(found, "total", a=Decimal(3)) == 9
    assert value(found, "blind", a=Decimal(3), b=Decimal(1)) is None


def test_each_decision_is_evaluated_once_and_told_in_the_order_of_need() -> None:
    table = DecisionTable(
        (InputClause(Text("double")),), (OutputClause(),), (Row((Text("> 5"),), (Text('"big"'),)),)
    )
    found = model(
        given("a", "number"),
        decision("double", "a * 2", "a"),
        decision("size", table, "double"),
        decision("both", "[size, double]", "size", "double"),
    )

    outcome = asked(compile_graph(found), "both", a=Decimal(3))

    hits = Hits({"double": Decimal(6)}, 1, (1,), (1,))
    inner = Step("decision `size`", {"double": Decimal(6)}, "big", hits)
    assert outcome.value == ["big", Decimal(6)]
    assert outcome.steps == (
        Step("decision `double`", {"a": Decimal(3)}, Decimal(6)),
        Step("decision `size`", {"double": Decimal(6)}, "big", None, (inner,)),
        Step("decision `both`", {"size": "big", "double": Decimal(6)}, outcome.value),
    )


def test_knowledge_is_a_function_of_those_who_require_it() -> None:
    found = model(
        given("a", "number"),
        knowledge("times", "x * y", variable("x", "number"), variable("y", "number")),
        decision("six", "times(a, 2)", "times", "a"),
        decision("three", "times(x: a, y: 1)", "times", "a"),
    )

    assert value(found, "six", a=Decimal(3)) == 6
    assert value(found, "three", a=Decimal(3)) == 3


SERVICE = model(
    given("a", "number"),
    decision("inner", "a + rate", "a", "rate"),
    decision("rate", "100", type_="number"),
    decision("outer", "inner * 2", "inner"),
    Service("priced", ("#outer",), ("#inner",), ("#rate",), ("#a",), head=Head(id="priced")),
    decision("asks", "priced(1, 2)", "priced"),
    decision("names", "priced(rate: 2, a: 1)", "priced"),
    decision("misfits", 'priced(1, "2")', "priced"),
    decision("too few", "priced(1)", "priced"),
)


@pytest.mark.parametrize("name", ["asks", "names"])
def test_a_service_takes_its_data_first_and_then_its_decisions(name: str) -> None:
    assert value(SERVICE, name) == 6


def test_a_service_can_be_asked_from_outside() -> None:
    assert value(SERVICE, "priced", a=Decimal(1), rate=Decimal(2)) == 6
    assert value(SERVICE, "outer", a=Decimal(1)) == 202


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("misfits", "text is not a number"),
        ("too few", "the service takes 2 arguments, found 1"),
    ],
)
def test_a_service_that_is_called_amiss_is_null_and_says_why(name: str, message: str) -> None:
    assert remarks(SERVICE, name) == [(f"decision `{name}`", message)]


def test_a_service_of_several_decisions_answers_a_context() -> None:
    found = model(
        decision("a", "1"),
        decision("b", "2"),
        Service("both", ("#a", "#b"), head=Head(id="both")),
        decision("asks", "both().b", "both"),
    )

    assert value(found, "both") == {"a": Decimal(1), "b": Decimal(2)}
    assert value(found, "asks") == 2


def test_elements_of_another_model_are_read_under_the_name_of_the_import() -> None:
    far = Definitions(
        "far",
        THERE,
        types=(ItemDefinition("tPerson", (ItemDefinition("age", head=Head(type="number")),)),),
        elements=(
            given("who", "tPerson"),
            decision("old", "who.age > 60", "who"),
            knowledge("twice", "x * 2", variable("x")),
        ),
    )
    near = Definitions(
        "near",
        HERE,
        (Import("lib", THERE),),
        elements=(
            given("me", "lib.tPerson"),
            decision(
                "both",
                "if lib.old then lib.twice(me.age) else 0",
                f"{THERE}#old",
                f"{THERE}#twice",
                "me",
            ),
        ),
    )
    graph = compile_graph(near, [far])
    person: Value = {"age": Decimal(70)}

    assert graph.faults == ()
    assert asked(graph, "both", me=person, who=person).value == 140
    assert asked(graph, "both", me=person, lib={"who": person}).value == 140


TYPES = (
    ItemDefinition("tGrade", allowed=Text('"A", "B"'), head=Head(type="string")),
    ItemDefinition("tGrades", collection=True, head=Head(type="tGrade")),
    ItemDefinition("tShort", constraint=Text("count(?) < 3"), head=Head(type="tGrades")),
    ItemDefinition(
        "tPupil",
        (
            ItemDefinition("name", head=Head(type="string")),
            ItemDefinition("grade", head=Head(type="tGrade")),
        ),
    ),
    ItemDefinition("tJudge", function=FunctionItem((variable("x", "number"),), "boolean")),
)


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("number", '"1"', None),
        ("number", "[1]", Decimal(1)),
        ("tGrades", '"A"', ["A"]),
        ("tGrade", '"A"', "A"),
        ("tGrade", '"C"', None),
        ("tGrade", "null", None),
        ("tGrades", '["A", "C"]', None),
        ("tShort", '["A", "B"]', ["A", "B"]),
        ("tShort", '["A", "B", "A"]', None),
        ("tPupil", '{name: "x", grade: "B", more: 1}', {"name": "x", "grade": "B", "more": 1}),
        ("tPupil", '{name: "x", grade: "F"}', None),
        ("tPupil", '{name: "x"}', None),
        ("tJudge", "1", None),
    ],
)
def test_a_value_conforms_to_its_declared_type_or_is_null(
    type_: str, text: str, expected: Value
) -> None:
    assert value(model(decision("d", text, type_=type_), types=TYPES), "d") == expected


@pytest.mark.parametrize(
    ("type_", "text", "message"),
    [
        ("number", '"1"', "text is not a number"),
        ("tGrade", '"C"', 'the value does not pass `"A", "B"`'),
        ("tShort", '["A", "B", "A"]', "the value does not pass `count(?) < 3`"),
    ],
)
def test_a_value_that_does_not_conform_says_why(type_: str, text: str, message: str) -> None:
    found = model(decision("d", text, type_=type_), types=TYPES)

    assert remarks(found, "d") == [("decision `d`", message)]


def test_an_input_that_is_missing_or_misfits_is_null_with_a_remark() -> None:
    found = model(given("a", "number"), given("b", "number"), decision("d", "[a, b]", "a", "b"))

    assert remarks(found, "d", b="x") == [
        ("input `a`", "`a` was not given"),
        ("input `b`", "text is not a number"),
    ]


def test_a_decision_without_logic_takes_the_value_that_is_given() -> None:
    found = model(decision("judged", None, type_="string"), decision("d", "judged", "judged"))

    assert value(found, "d", judged="well") == "well"
    assert remarks(found, "d") == [("decision `judged`", "it has no logic, and no value was given")]


def test_the_time_is_given_and_never_read() -> None:
    graph = compile_graph(model(decision("d", "now()")))
    node = graph.find("d")
    now = datetime.fromisoformat("2026-03-01T10:00:00+00:00")

    assert node is not None
    assert graph.evaluate(node, {}, now=now).value == now
    assert graph.evaluate(node, {}).value is None


def test_what_a_decision_needs_from_outside_can_be_asked() -> None:
    graph = compile_graph(SERVICE)
    node = graph.find("outer")

    assert node is not None
    assert [one.element.name for one in graph.inputs(node)] == ["a"]
    assert graph.names(Service) == ["priced"]


def test_a_thousand_decisions_in_a_row_are_evaluated() -> None:
    chain = [decision(f"d{n}", f"d{n - 1} + 1", f"d{n - 1}") for n in range(1, 1000)]

    assert value(model(decision("d0", "0"), *chain), "d999") == 999


def unfolding(count: int) -> list[Element]:
    """Return decisions of which each holds the one before it twice."""
    rest = [
        decision(f"d{n}", f"{{a: d{n - 1}, b: d{n - 1}}}", f"d{n - 1}") for n in range(1, count)
    ]
    return [decision("d0", "1"), *rest]


def test_a_value_that_unfolds_without_end_costs_its_steps_and_no_more() -> None:
    found = model(*unfolding(60), decision("last", "if true then d59 else d59", "d59"))

    assert remarks(found, "last") == [
        ("decision `last`", "the expression takes more than 1000000 steps")
    ]


def test_an_explanation_keeps_of_a_large_value_only_what_it_is() -> None:
    found = model(*unfolding(30), decision("last", "1", "d29"))

    outcome = asked(compile_graph(found), "last")

    assert outcome.value == 1
    assert outcome.steps[-1].given == {"d29": "(a group, too large to be kept here)"}


def test_types_that_unfold_without_end_are_refused() -> None:
    def doubled(name: str, of: str) -> ItemDefinition:
        parts = (ItemDefinition("a", head=Head(type=of)), ItemDefinition("b", head=Head(type=of)))
        return ItemDefinition(name, parts, at=Spot(9, 9))

    types = (
        ItemDefinition("t0", head=Head(type="number")),
        *(doubled(f"t{n}", f"t{n - 1}") for n in range(1, 13)),
    )

    found = faults(model(types=types))

    assert found == [
        ("model `here`", 9, "the type `t10` has more than 2000 parts", "Make it flatter.")
    ]


def test_a_circle_is_said_once_and_evaluates_to_null() -> None:
    found = model(decision("a", "b", "b"), decision("b", "a", "a"), decision("c", "1", "c"))

    assert faults(found) == [
        (
            "decision `b`",
            0,
            "it needs itself, directly or by what it needs",
            "Take one of its requirements away.",
        ),
        (
            "decision `c`",
            0,
            "it needs itself, directly or by what it needs",
            "Take one of its requirements away.",
        ),
    ]
    assert asked(compile_graph(found), "a").value is None


def test_a_service_that_offers_what_asks_for_it_ends() -> None:
    found = model(
        decision("a", "s()", "s"),
        Service("s", ("#a",), head=Head(id="s")),
    )

    assert asked(compile_graph(found), "a").value is None


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (
            model(decision("d", "1", "other")),
            (
                "decision `d`",
                7,
                "it needs the decision `#other`, which does not exist",
                "Name an element of the model.",
            ),
        ),
        (
            model(given("d"), decision("d", "1")),
            ("model `here`", 0, "the identity `d` is used twice", "Give each element its own."),
        ),
        (
            Definitions("here", HERE, (Import("lib", THERE, at=Spot(3, 3)),)),
            (
                "model `here`",
                3,
                f"the model `{THERE}` is imported and is not at hand",
                "Read it together with this one.",
            ),
        ),
        (
            model(types=(ItemDefinition("t", head=Head(type="tNone"), at=Spot(4, 2)),)),
            ("model `here`", 4, "there is no type `tNone`", "Name a type that is declared."),
        ),
        (
            model(
                types=(
                    ItemDefinition(
                        "t", allowed=Text("1..", at=Spot(5, 2)), head=Head(type="number")
                    ),
                )
            ),
            (
                "model `here`",
                5,
                "expected `,` or the end, found `.`",
                "Write one test a cell.",
            ),
        ),
        (
            model(Knowledge("k", FunctionDefinition((), None, FunctionKind.PMML, at=Spot(6, 2)))),
            (
                "knowledge `k`",
                6,
                "functions in PMML are not run here",
                "Write the function in FEEL.",
            ),
        ),
    ],
)
def test_what_is_wrong_with_a_model_is_said_in_words(
    found: Definitions, fault: tuple[str, int, str, str]
) -> None:
    assert fault in faults(found)


def test_strictness_makes_a_misfit_of_types_a_fault() -> None:
    found = model(given("a", "number"), decision("d", 'a > "1"', "a"))

    assert compile_graph(found).faults == ()
    assert [one.message for one in compile_graph(found, strict=True).faults] == [
        "`>` cannot compare a number with text"
    ]
