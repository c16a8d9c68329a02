"""DMN files as drafts of rules: names become ids, and what differs is told."""

from decimal import Decimal

import pytest

from kingpost.checks import check
from kingpost.exchange.dmn.importing import Taken
from kingpost.expressions import Value
from kingpost.model.model import Model
from kingpost.model.ruling.book import RuleBook
from kingpost.notation import read_model
from kingpost.notation.writing import write
from kingpost.values.diagnostic import Severity
from tests.exchange.dmn.drafts import AGE, APPLICANT, decision, taken, told
from tests.exchange.dmn.files import BODY


def rules(found: Taken) -> str:
    return write({"rules": found.rules["rules"]})


def model(found: Taken) -> Model:
    reading = read_model({"draft.yaml": write({**found.company, **found.rules})})
    assert reading.model is not None, reading.diagnostics
    assert [one for one in check(reading.model) if one.severity is Severity.ERROR] == []
    return reading.model


def answer(found: Taken, rule: str, **record: Value) -> Value:
    return RuleBook(model(found)).decide(rule, {"loans": {**record, "state": "open"}})[-1].value


# --- what becomes of what -------------------------------------------------------------------------


def test_a_file_becomes_an_object_and_rules_that_read_it() -> None:
    found = taken(BODY)

    assert (
        write(found.rules)
        == """\
objects:
  loans:
    title: Loans
    custodian: process-owner
    fields:
      applicant:
        title: Applicant
        type: group
        fields:
          age: {title: age, type: decimal}
          grades:
            title: grades
            type: list
            of: {type: choice, of: [A, B, C]}
    states:
      open:   {begin: true}
      closed: {end: true}
    moves: [open -> closed]

rules:
  years-left: {title: Years left, parameters: {age: decimal}, value: 70 - age}

  limit:
    title: Limit
    description: |-
      How much may be lent?
      Answers: An amount
    inputs:
      years: years-left(loans.applicant.age)
      applicant-grades-1: {value: "loans.applicant.grades[1]", of: [A, B, C]}
    outputs: {limit: decimal}
    hit-policy: rule-order
    annotations: [why]
    rows:
      - [">= 10", A,          "1000", safe]
      - ["-",     'not("C")', "100",  usual]

  all-2:
    title: All
    entries: {first: '[{a: "x", b: 1}]', twice: "function(n) n * 2", called: "twice(n: 21)"}
    result: "[first.b, called]"

  lending: {title: Lending, answers: [limit]}
"""
    )
    assert model(found).company == "Loans"


def test_each_element_is_told_with_what_it_became() -> None:
    assert [
        (one.line, one.kind, one.name, one.verdict.value, one.becomes, one.why)
        for one in taken(BODY).remarks
    ] == [
        (4, "itemDefinition", "tGrade", "executed", "the types of fields and answers", ""),
        (8, "itemDefinition", "tApplicant", "executed", "the types of fields and answers", ""),
        (12, "itemDefinition", "tAmounts", "executed", "the types of fields and answers", ""),
        (13, "inputData", "Applicant", "executed", "object/loans/field/applicant", ""),
        (
            *(16, "knowledgeSource", "The law", "refused", ""),
            "rules name no sources",
        ),
        (19, "businessKnowledgeModel", "Years left", "executed", "rule/years-left", ""),
        (
            *(26, "decision", "Limit", "approximated", "rule/limit"),
            (
                "its default is left out; "
                "where no row matches it answers an empty list, and not null"
            ),
        ),
        (53, "decision", "All", "executed", "rule/all-2", ""),
        (74, "decisionService", "Lending", "executed", "rule/lending", ""),
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Age + 1", "loans.age + 1"),
        ("1-Age-2", "1- loans.age -2"),
        ("[ Age ,(Age)]", "[ loans.age ,loans.age]"),
        ("for Age in [1, 2] return Age * 2", "for Age in [1, 2] return Age * 2"),
        ("{Age: 1, b: Age}.b", "{Age: 1, b: Age}.b"),
        ('"Age is " + string(Age)', '"Age is " + string(loans.age)'),
        ("Age // the Age\n + 1", "loans.age // the Age\n + 1"),
        ("[1, 5][item &gt; Age]", "[1, 5][item > loans.age]"),
    ],
)
def test_only_a_name_that_is_given_becomes_an_id(text: str, written: str) -> None:
    found = taken(AGE + decision(text, "age"))

    assert found.rules["rules"]["chosen"]["value"] == written
    assert told(found, "Chosen") == ("executed", "rule/chosen", "")


def test_members_get_ids_too_and_that_is_told_where_it_shows() -> None:
    reads = decision("The  Applicant . Credit Score &gt; 3", "applicant", name="Good")
    whole = decision("The Applicant", "applicant", name="Whole")
    found = taken(APPLICANT + reads + whole)

    assert found.rules["rules"]["good"]["value"] == "loans.the-applicant . credit-score > 3"
    assert told(found, "Good") == ("executed", "rule/good", "")
    called = "are called `credit-score` here"
    assert told(found, "Whole") == (
        *("approximated", "rule/whole"),
        f"parts of its answer {called}",
    )
    assert told(found, "The Applicant") == (
        *("approximated", "object/loans/field/the-applicant"),
        f"its parts {called}",
    )


def test_words_that_are_written_together_come_apart() -> None:
    found = taken('<inputData id="a" name="MonthlyNetIncome2"><variable name="MonthlyNetIncome2"'
                  ' typeRef="number"/></inputData>')  # fmt: skip

    assert list(found.rules["objects"]["loans"]["fields"]) == ["monthly-net-income2"]


def test_the_arguments_of_a_function_follow_its_parameters() -> None:
    share = """<businessKnowledgeModel id="share" name="Share Of"><variable name="Share Of"/>
      <encapsulatedLogic><formalParameter name="The Part" typeRef="number"/>
        <formalParameter name="whole" typeRef="number"/>
        <literalExpression><text>The Part / whole</text></literalExpression></encapsulatedLogic>
      </businessKnowledgeModel>"""
    call = decision("Share Of(whole: Age, The Part: 10)", "age", "knowledge:share")
    found = taken(AGE + share + call)

    assert rules(found) == (
        "rules:\n"
        "  share-of: {title: Share Of, parameters: {the-part: decimal, whole: decimal},"
        " value: the-part / whole}\n"
        '  chosen:   {title: Chosen, value: "share-of(whole: loans.age, the-part: 10)",'
        " outputs: {chosen: decimal}}\n"
    )
    assert answer(found, "chosen", age=Decimal(4)) is not None


TABLE = """<decision id="t" name="Band"><variable name="Band"/>
  <informationRequirement><requiredInput href="#age"/></informationRequirement>
  <decisionTable hitPolicy="{policy}">
    <input><inputExpression><text>Age</text></inputExpression></input>
    <output name="Risk Level"><outputValues><text>"low", "high"</text></outputValues></output>
    <output name="fee"/>
    <rule><inputEntry><text>&lt; 20</text></inputEntry>
      <outputEntry><text>"high"</text></outputEntry><outputEntry><text>2</text></outputEntry></rule>
    <rule><inputEntry><text>{second}</text></inputEntry>
      <outputEntry><text>"low"</text></outputEntry><outputEntry><text>1</text></outputEntry></rule>
  </decisionTable></decision>"""


def table(policy: str, second: str) -> str:
    return AGE + TABLE.format(policy=policy, second=second)


def test_outputs_get_ids_and_whoever_reads_them_follows() -> None:
    body = table("RULE ORDER", "&gt;= 20") + decision(
        'Band[Risk Level = "low"].fee', "decision:t", name="Fees"
    )
    found = taken(body)

    assert found.rules["rules"]["band"]["outputs"] == {
        "risk-level": ["low", "high"],
        "fee": "decimal",
    }
    assert found.rules["rules"]["fees"]["value"] == 'band[risk-level = "low"].fee'
    assert told(found, "Band")[2] == (
        "where no row matches it answers an empty list, and not null; "
        "parts of its answer are called `risk-level` here"
    )
    assert answer(found, "fees", age=Decimal(30)) == [1]


def test_where_no_row_matches_the_answer_is_null_as_in_the_file() -> None:
    found = taken(table("UNIQUE", "&gt;= 30"))

    assert found.rules["rules"]["band"]["outputs"]["risk-level"] == {
        "of": ["low", "high"],
        "default": "null",
    }
    assert told(found, "Band")[2] == (
        "parts of its answer are called `risk-level` here; "
        "where no row matches each part of its answer is null, and not the whole"
    )


def test_a_table_that_answers_twice_is_drafted_and_told() -> None:
    found = taken(table("UNIQUE", "-"))

    assert "band" in found.rules["rules"]
    assert told(found, "Band")[2] == (
        "parts of its answer are called `risk-level` here; `kingpost check` finds that rows 1 and"
        " 2 of rule `band` both answer when `age` is `19`"
    )


def test_what_is_imported_comes_along() -> None:
    other = AGE + decision("Age + 1", "age", name="Next Age")
    body = """<import name="lib" namespace="https://example.test/other"
        importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
      <decision id="d" name="Later"><variable name="Later"/><informationRequirement>
        <requiredDecision href="https://example.test/other#Next Age"/></informationRequirement>
      <literalExpression><text>lib.Next Age * 2</text></literalExpression></decision>"""
    found = taken(body, other)

    assert found.rules["rules"]["later"]["value"] == "next-age * 2"
    assert found.rules["rules"]["next-age"]["value"] == "loans.age + 1"


@pytest.mark.parametrize(
    ("body", "name", "why"),
    [
        (
            decision('[1, "a"][2]', type_="string"),
            "Chosen",
            "a value that is not a `string` is not made null",
        ),
        (
            '<inputData id="a" name="At"><variable name="At" typeRef="date and time"/></inputData>',
            "At",
            "a field keeps moments in UTC",
        ),
        (
            (
                '<itemDefinition name="t"><typeRef>number</typeRef><allowedValues>'
                "<text>&gt; 0</text></allowedValues></itemDefinition>"
                '<inputData id="a" name="n"><variable name="n" typeRef="t"/></inputData>'
            ),
            "n",
            "its values are not held to what is allowed",
        ),
    ],
)
def test_what_means_nearly_the_same_is_told(body: str, name: str, why: str) -> None:
    found = told(taken(body), name)

    assert (found[0], found[2]) == ("approximated", why)
