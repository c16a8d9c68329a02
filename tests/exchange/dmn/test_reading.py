"""DMN files read: what each version holds, and what is said of what has no place here."""

from decimal import Decimal

import pytest

from kingpost.exchange.dmn.fidelity import fidelity
from kingpost.exchange.dmn.reading import Document, read_dmn
from kingpost.exchange.dmn.versions import Version
from kingpost.exchange.files.faults import UnreadableError
from kingpost.expressions import Value
from kingpost.rules.definitions import Decision, Definitions
from kingpost.rules.graphs import compile_graph
from kingpost.rules.logic import DecisionTable, HitPolicy, Orientation, Spot
from tests.exchange.dmn.files import BODY, NEWER, dmn


def read(body: str, version: Version = Version.V1_5, attributes: str = "") -> Document:
    return read_dmn(dmn(body, version, attributes), "loans.dmn")


def told(body: str, attributes: str = "") -> list[str]:
    document = read(body, attributes=attributes)
    remarks = fidelity(document, compile_graph(document.definitions))
    return [
        f"{one.line}:{one.column} {one.verdict} {one.kind} {one.name}: {one.why}"
        + (f". {one.help}" if one.help else "")
        for one in remarks
        if one.why
    ]


def answer(definitions: Definitions, name: str, **inputs: Value) -> Value:
    graph = compile_graph(definitions)
    node = graph.find(name)
    assert node is not None
    assert graph.faults == ()
    return graph.evaluate(node, inputs).value


ADA: Value = {"age": Decimal(40), "grades": ["A"]}


@pytest.mark.parametrize("version", list(Version))
def test_every_version_means_the_same(version: Version) -> None:
    document = read(BODY, version)

    assert document.version is version
    assert document.remarks == ()
    assert answer(document.definitions, "Limit", Applicant=ADA) == [1000, 100]
    assert answer(document.definitions, "Lending", Applicant=ADA) == [1000, 100]
    assert answer(document.definitions, "All", Applicant=ADA) == [[1], 42]


def test_a_table_is_read_with_all_that_it_says() -> None:
    (limit,) = [one for one in read(BODY).definitions.elements if one.name == "Limit"]

    assert isinstance(limit, Decision)
    assert (limit.question, limit.answers) == ("How much may be lent?", "An amount")
    table = limit.logic
    assert isinstance(table, DecisionTable)
    assert table.hit_policy is HitPolicy.RULE_ORDER
    assert table.orientation is Orientation.COLUMNS
    assert (table.output_label, table.notes) == ("Limit", ("Why",))
    assert [row.notes for row in table.rows] == [("safe",), ("usual",)]
    assert table.inputs[0].head.label == "Years"
    assert table.rows[0].tests[0].text == ">= 10"
    assert table.at == Spot(33, 5)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Chosen", 1), ("Kept", [5]), ("Walked", [1, 4, 9]), ("Found", True)],
)
def test_the_boxes_of_newer_versions_are_run(name: str, expected: Value) -> None:
    assert answer(read(NEWER).definitions, name) == expected


def test_types_may_have_the_prefix_of_a_namespace() -> None:
    body = """\
  <itemDefinition name="tYears"><typeRef>f:number</typeRef></itemDefinition>
  <inputData id="a" name="a"><variable name="a" typeRef="own:tYears"/></inputData>
  <decision id="d" name="d"><variable name="d" typeRef="feel:number"/>
    <informationRequirement><requiredInput href="#a"/></informationRequirement>
    <literalExpression><text>a + 1</text></literalExpression></decision>
"""
    prefixes = (
        ' xmlns:f="http://www.omg.org/spec/FEEL/20140401" xmlns:own="https://example.test/loans"'
    )

    document = read(body, Version.V1_1, prefixes)

    assert answer(document.definitions, "d", a=Decimal(1)) == 2


def test_texts_in_another_language_are_kept_and_not_run() -> None:
    body = """\
  <decision id="d" name="d"><variable name="d"/>
    <literalExpression><text>1 + 1</text></literalExpression></decision>
"""

    assert told(body, ' expressionLanguage="https://example.test/groovy"') == [
        "3:3 approximated decision d: what is refused in it is null",
        (
            "4:24 refused decision `d` : the language `https://example.test/groovy` is not run"
            " here. Write it in FEEL."
        ),
    ]
    assert told(body, ' expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/"') == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<performanceIndicator id="p" name="Losses"/>\n',
            [
                (
                    "3:1 refused performanceIndicator Losses: "
                    "it has no place in `definitions` here and is left out. "
                    "Write what matters of it in a description."
                )
            ],
        ),
        (
            '<inputData id="a" name="a" unit="EUR"/>\n',
            [
                (
                    "3:1 refused @unit : the attribute of `inputData` has no place here and is left"
                    " out. Write what matters of it in a description."
                )
            ],
        ),
        (
            (
                '<inputData xmlns:x="https://example.test/x" id="a" name="a" x:colour="red"/>\n'
                '<inputData xmlns:x="https://example.test/x" id="b" name="b" x:colour="red"/>\n'
            ),
            [
                (
                    "3:1 approximated @colour : the attribute of `inputData` belongs to another "
                    "tool and is left out 2 times"
                )
            ],
        ),
        (
            "<extensionElements><a xmlns='https://example.test/x'/></extensionElements>\n",
            [
                (
                    "3:1 approximated extensionElements : "
                    "it belongs to another tool and is left out of `definitions`"
                )
            ],
        ),
        (
            '<import name="scores" namespace="https://example.test/s" importType="http://p"/>\n',
            [
                "3:1 approximated import scores: a model of the kind `http://p` is not read here",
                (
                    "3:1 refused model `Loans` : "
                    "the model `https://example.test/s` is imported and is not at hand. "
                    "Read it together with this one."
                ),
            ],
        ),
        (
            (
                '<decision id="d" name="d"><decisionTable hitPolicy="BEST"><output/>'
                "</decisionTable></decision>\n"
            ),
            [
                (
                    "3:27 refused decisionTable : `BEST` is no hit policy of the standard. "
                    "Write one that is, such as `UNIQUE` or `FIRST`."
                )
            ],
        ),
        (
            (
                '<decision id="d" name="d"><decisionTable hitPolicy="COLLECT" aggregation="AVG">'
                "<output/></decisionTable></decision>\n"
            ),
            [
                (
                    "3:27 refused decisionTable : `AVG` is no aggregation of the standard. "
                    "Write `SUM`, `COUNT`, `MIN` or `MAX`."
                )
            ],
        ),
        (
            (
                '<decision id="d" name="d"><literalExpression><text>1</text></literalExpression>\n'
                "<literalExpression><text>2</text></literalExpression></decision>\n"
            ),
            [
                (
                    "4:1 refused literalExpression : "
                    "`decision` has a box already, and this one is left out. Keep one of them."
                )
            ],
        ),
        (
            '<decision id="d" name="d"><conditional><if/><then/></conditional></decision>\n',
            [
                (
                    f"3:27 refused conditional : it has no box in `{part}`, which is taken as null."
                    f" Put a box into `{part}`."
                )
                for part in ("if", "then", "else")
            ],
        ),
        (
            '<decision id="d" name="d"><informationRequirement/></decision>\n',
            [
                (
                    "3:27 refused informationRequirement : it names nothing, and is left out. "
                    "Name what is needed in it, or remove it."
                )
            ],
        ),
        (
            '<decision id="d" name="d"><invocation><binding/></invocation></decision>\n',
            [
                (
                    "3:39 refused binding : it names no parameter, and is left out. "
                    "Name the parameter that it gives a value."
                )
            ],
        ),
        (
            '<decision name="d"><decisionTable><input/><output/></decisionTable></decision>\n',
            [
                (
                    "3:35 refused input : it has no expression, and is taken as null. "
                    "Write what the column looks at."
                )
            ],
        ),
        (
            (
                '<businessKnowledgeModel id="k" name="k"><encapsulatedLogic kind="Cobol"/>'
                "</businessKnowledgeModel>\n"
            ),
            [
                "3:1 approximated businessKnowledgeModel k: what is refused in it is null",
                (
                    "3:41 refused encapsulatedLogic : "
                    "it is in a language that the standard does not name. "
                    "Write the function in FEEL."
                ),
                (
                    "3:41 refused knowledge `k` : functions in Java are not run here. "
                    "Write the function in FEEL."
                ),
            ],
        ),
        (
            '<knowledgeSource id="k" name="k"/>\n',
            ["3:1 approximated knowledgeSource k: it is kept, and nothing is run"],
        ),
    ],
)
def test_what_has_no_place_here_is_told_and_never_dropped(body: str, expected: list[str]) -> None:
    assert told(body) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b'<definitions xmlns="https://example.test/other"/>',
            (
                "loans.dmn:1:1: `definitions` of `https://example.test/other` does not begin a DMN"
                " file. Give a file of DMN 1.1 to 1.6."
            ),
        ),
        (
            b'<decision xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
            (
                "loans.dmn:1:1: `decision` of `https://www.omg.org/spec/DMN/20230324/MODEL/` does"
                " not begin a DMN file. Give a file of DMN 1.1 to 1.6."
            ),
        ),
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]><a/>',
            "loans.dmn:1:13: the file declares a document type. Remove it from the file.",
        ),
    ],
)
def test_a_file_that_is_not_dmn_is_refused_at_its_place(content: bytes, message: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_dmn(content, "loans.dmn")

    assert str(refused.value) == message
