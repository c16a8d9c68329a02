"""What of a DMN file cannot come over as rules: why, and what to do about it, word for word."""

import pytest

from kingpost.exchange.remarks import Verdict
from tests.exchange.dmn.drafts import AGE, APPLICANT, decision, taken, told

SERVICE = (
    decision("1", name="One")
    + '<decisionService id="s" name="Asked"><variable name="Asked"/>'
    + '<outputDecision href="#One"/></decisionService>'
)
LOANS = """
  <itemDefinition name="tLoans" isCollection="true">
    <itemComponent name="amount"><typeRef>number</typeRef></itemComponent></itemDefinition>
  <inputData id="loans" name="Loans"><variable name="Loans" typeRef="tLoans"/></inputData>
"""
JAVA = """<businessKnowledgeModel id="j" name="j"><variable name="j"/>
  <encapsulatedLogic kind="Java"><formalParameter name="a"/></encapsulatedLogic>
  </businessKnowledgeModel>"""
WEIGHED = """<businessKnowledgeModel id="w" name="weighed"><variable name="weighed"/>
  <encapsulatedLogic><formalParameter name="low" typeRef="string"/>
    <decisionTable><input><inputExpression><text>low</text></inputExpression></input>
      <output name="o"><outputValues><text>"low", "high"</text></outputValues></output>
      <rule><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>low</text></outputEntry></rule></decisionTable></encapsulatedLogic>
  </businessKnowledgeModel>"""
INSIDE = """<decision id="i" name="i"><variable name="i"/><list><decisionTable>
  <input><inputExpression><text>1</text></inputExpression></input><output/></decisionTable></list>
  </decision>"""


ONE = "<literalExpression><text>1</text></literalExpression>"
SIZED = '<itemDefinition name="tSize"><typeRef>number</typeRef></itemDefinition>'
RECORD = """<itemDefinition name="tRecord">
  <itemComponent name="x"><typeRef>number</typeRef></itemComponent></itemDefinition>"""
COLUMN = "<input><inputExpression><text>1</text></inputExpression></input>"
OUTPUT = '<output name="o"/>'
TEST = "<inputEntry{}><text>1</text></inputEntry>"
ANSWER = "<outputEntry><text>1</text></outputEntry>"


def box(inner: str, *needs: str) -> str:
    """Return the decision `Chosen`, of a box."""
    return decision("", *needs).replace(
        "<literalExpression><text></text></literalExpression>", inner
    )


def rows(*parts: str) -> str:
    """Return the decision `Chosen`, of a table."""
    return box(f"<decisionTable>{''.join(parts)}</decisionTable>")


def function(inner: str, *parameters: tuple[str, str]) -> str:
    """Return the function `f`. parameters: each with its type."""
    listed = "".join(f'<formalParameter name="{one}" typeRef="{of}"/>' for one, of in parameters)
    logic = f"<encapsulatedLogic>{listed}{inner}</encapsulatedLogic>" if inner else ""
    return (
        f'<businessKnowledgeModel id="f" name="f"><variable name="f"/>{logic}'
        "</businessKnowledgeModel>"
    )


def service(*outputs: str) -> str:
    """Return the service `Asked`. outputs: the decisions that it answers for."""
    named = "".join(f'<outputDecision href="#{one}"/>' for one in outputs)
    return f'<decisionService id="s" name="Asked"><variable name="Asked"/>{named}</decisionService>'


@pytest.mark.parametrize(
    ("body", "name", "why", "help_"),
    [
        (
            box(f'<relation><column name="a"/><column name="b"/><row>{ONE}</row></relation>'),
            "Chosen",
            "row 1 has not a cell for each column",
            "Give each column a cell.",
        ),
        (
            box(
                '<invocation><functionDefinition><formalParameter name="n"/>'
                f'{ONE}</functionDefinition><binding><parameter name="n"/>{ONE}</binding>'
                "</invocation>"
            ),
            "Chosen",
            "what it calls is a box, and not the name of a function",
            "Make it a function of its own, and call it by its name.",
        ),
        (
            function(ONE, ("a+b", "number"))
            + box(
                "<invocation><literalExpression><text>f</text></literalExpression>"
                f'<binding><parameter name="a+b"/>{ONE}</binding></invocation>',
                "knowledge:f",
            ),
            "Chosen",
            "a parameter cannot be named `a+b` in a call",
            "Give it another name.",
        ),
        (
            box(
                f'<functionDefinition kind="PMML"><formalParameter name="n"/>{ONE}'
                "</functionDefinition>"
            ),
            "Chosen",
            "functions in PMML are not run here",
            "Write the function in FEEL.",
        ),
        (
            SIZED
            + box(
                f'<functionDefinition><formalParameter name="n" typeRef="tSize"/>{ONE}'
                "</functionDefinition>"
            ),
            "Chosen",
            "parameter `n` has the declared type `tSize`",
            "Give it a type such as `number` or `string`.",
        ),
        (
            box(
                '<literalExpression expressionLanguage="https://example.test/js"><text>1</text>'
                "</literalExpression>"
            ),
            "Chosen",
            "the language `https://example.test/js` is not run here",
            "Write it in FEEL.",
        ),
        (
            rows(
                COLUMN,
                OUTPUT,
                "<rule>",
                TEST.format(' expressionLanguage="https://example.test/js"'),
                ANSWER,
                "</rule>",
            ),
            "Chosen",
            "the language `https://example.test/js` is not run here",
            "Write it in FEEL.",
        ),
        (function(""), "f", "it has no logic", "Give it an expression or a table."),
        (
            function(ONE),
            "f",
            "a function without parameters is not taken over",
            "Make it a decision.",
        ),
        (
            RECORD + function(ONE, ("a", "tRecord")),
            "f",
            "no type of the language holds its parameter `a`",
            "Give it a type such as `number` or `string`, or a list of one.",
        ),
        (
            decision("1") + service("Chosen", "Nowhere"),
            "Asked",
            "it names `#Nowhere`, which does not exist",
            "Name an element of the model.",
        ),
        (
            '<knowledgeSource id="law" name="The law"/>' + service("law"),
            "Asked",
            "it names `#law`, which does not exist",
            "Name an element of the model.",
        ),
        (
            '<knowledgeSource id="s" name="The law"/>' + decision("1") + service("Chosen"),
            "",
            "the identity `s` is used twice",
            "Give each element its own.",
        ),
        (service(), "Asked", "it answers for no decision", "Name those that it answers for."),
        (
            decision("now()") + service("Chosen"),
            "Asked",
            "`Chosen` is not taken over",
            "Mend `Chosen` first.",
        ),
        (
            decision("1", type_="number").replace(ONE, "") + service("Chosen"),
            "Asked",
            "`Chosen` has no logic to answer with",
            "Give it an expression or a table.",
        ),
        (
            rows(OUTPUT, "<rule>", ANSWER, "</rule>"),
            "Chosen",
            "it is a table without inputs",
            "Add an input, or write an expression.",
        ),
        (
            rows(COLUMN, OUTPUT),
            "Chosen",
            "it is a table without rows",
            "Add rows to it, or leave it out.",
        ),
        (
            rows(COLUMN, "<rule>", TEST.format(""), "</rule>"),
            "Chosen",
            "the table has no output",
            "Give it a column of answers.",
        ),
        (
            rows(COLUMN, OUTPUT, "<rule>", TEST.format(""), "</rule>"),
            "Chosen",
            "a row of the table has not a cell for each column",
            "Give each column a cell.",
        ),
        (
            '<inputData id="x" name="X"><variable name="X"/></inputData>',
            "X",
            "it has no type, and a field needs one",
            "Give it a type, such as `number` or `string`.",
        ),
        (
            (
                '<itemDefinition name="tSum"><functionItem outputTypeRef="number">'
                '<parameters name="n" typeRef="number"/></functionItem></itemDefinition>'
                '<inputData id="x" name="X"><variable name="X" typeRef="tSum"/></inputData>'
            ),
            "X",
            "a record holds no field for a function",
            "Let inputData hold what is read of it: numbers, texts, times, or lists of these.",
        ),
        (
            box(
                '<context><contextEntry><variable name="a"/>' + ONE + "</contextEntry>"
                '<contextEntry><variable name="a"/>' + ONE + "</contextEntry></context>"
            ),
            "Chosen",
            "`a` is named twice",
            "Give each entry a name of its own.",
        ),
        (
            decision("1", "decision:Nowhere"),
            "Chosen",
            "it needs the decision `#Nowhere`, which does not exist",
            "Name an element of the model.",
        ),
        (
            decision("1", "decision:Chosen"),
            "Chosen",
            "it needs itself, directly or by what it needs",
            "Take one of its requirements away.",
        ),
        (
            decision("1", type_="tNowhere"),
            "Chosen",
            "there is no type `tNowhere`",
            "Name a type that is declared.",
        ),
        (
            '<knowledgeSource id="k" name="The law"/>',
            "The law",
            "rules name no sources",
            "Write it in the description of the rules.",
        ),
        (
            box(
                "<literalExpression><description>Because</description><text>1</text>"
                "</literalExpression>"
            ).replace('name="Chosen"><variable', 'name="Told"><variable', 1),
            "Told",
            "descriptions inside of a box have no place in a rule: 1 left out",
            "Write what matters in the description of the rule.",
        ),
        (
            decision("1") * 2,
            "",
            "the identity `Chosen` is used twice",
            "Give each element its own.",
        ),
        (
            decision("now()"),
            "Chosen",
            "it reads the clock, and rules read only what they are given",
            "Let an inputData hold the time, and read that.",
        ),
        (
            decision("Aeg"),
            "Chosen",
            "in `Aeg` `Aeg` is not known here",
            "Use a name that is declared.",
        ),
        (
            APPLICANT + decision('get value(The Applicant, "Credit Score")', "applicant"),
            "Chosen",
            (
                '`get value(The Applicant, "Credit Score")` looks at the names of members,'
                " and these have other names here"
            ),
            "Name the members that it is about, one by one.",
        ),
        (
            APPLICANT + decision("string(The Applicant)", "applicant"),
            "Chosen",
            (
                "`string(The Applicant)` looks at the names of members,"
                " and these have other names here"
            ),
            "Name the members that it is about, one by one.",
        ),
        (
            SERVICE + decision("Asked()", "knowledge:s"),
            "Chosen",
            "it calls the service `Asked`, and rules call functions",
            "Let it name the decisions of the service, or call a function.",
        ),
        (
            LOANS,
            "Loans",
            "a record holds no list of groups or lists",
            "Let inputData hold what is read of it: numbers, texts, times, or lists of these.",
        ),
        (
            LOANS + decision("count(Loans)", "loans"),
            "Chosen",
            "it needs `Loans`, which is not taken over",
            "Mend `Loans` first.",
        ),
        (JAVA, "j", "functions in Java are not run here", "Write the function in FEEL."),
        (
            WEIGHED,
            "weighed",
            "it would say something else in the language",
            "Write it in a plainer form, such as with brackets.",
        ),
        (
            INSIDE,
            "i",
            "a table inside of another box is not taken over",
            "Make the table a decision of its own, and name that in the box.",
        ),
        (
            AGE + decision('Age + "a"', "age"),
            "Chosen",
            'in `Age + "a"` `+` cannot join a number and text',
            "Use operands of types that go together.",
        ),
    ],
)
def test_what_cannot_come_over_truthfully_is_refused_and_says_why_and_what_to_do(
    body: str, name: str, why: str, help_: str
) -> None:
    found = taken(body)

    (refused,) = (one for one in found.remarks if one.name == name and one.why == why)
    assert (refused.verdict, refused.becomes) == (Verdict.REFUSED, "")
    assert refused.help == help_
    assert refused.line > 0


def test_a_character_that_no_model_may_hold_is_refused_where_it_means_something() -> None:
    odd = "\u2028"
    found = taken(decision(f'"a{odd}b"') + AGE.replace('name="Age">', f'name="A{odd}ge">', 1))

    assert told(found, "Chosen") == (
        *("refused", ""),
        "the character U+2028 may not stand in a model",
    )
    assert list(found.rules["objects"]["loans"]["fields"]) == ["age"]


def test_what_needs_a_refused_decision_is_refused_with_it() -> None:
    chain = decision("today()", name="Day") + decision("[Day]", "decision:Day", name="Days")
    found = taken(chain + decision("[Days]", "decision:Days", name="All Days"))

    assert found.rules == {}
    assert told(found, "All Days")[2] == "it needs `Days`, which is not taken over"
    assert {one.verdict for one in found.remarks} == {Verdict.REFUSED}
