"""Small DMN files, and the drafts of rules that they become."""

from kingpost.exchange.dmn.importing import Taken, import_dmn
from kingpost.exchange.dmn.reading import read_dmn
from kingpost.rules.graphs import compile_graph
from tests.exchange.dmn.files import dmn

AGE = '<inputData id="age" name="Age"><variable name="Age" typeRef="number"/></inputData>'
APPLICANT = """
  <itemDefinition name="tApplicant">
    <itemComponent name="Credit Score"><typeRef>number</typeRef></itemComponent>
    <itemComponent name="kind"><typeRef>string</typeRef></itemComponent>
  </itemDefinition>
  <inputData id="applicant" name="The Applicant">
    <variable name="The Applicant" typeRef="tApplicant"/></inputData>
"""


def taken(body: str, *others: str) -> Taken:
    document = read_dmn(dmn(body), "loans.dmn")
    library = [read_dmn(dmn(one).replace(b"/loans", b"/other"), "b.dmn") for one in others]
    graph = compile_graph(document.definitions, [one.definitions for one in library])
    return import_dmn(document, graph, "loans")


def decision(text: str, *needs: str, name: str = "Chosen", type_: str = "") -> str:
    """Return a decision of one expression. needs: identities of input data, or `knowledge:…`."""
    shaped = f' typeRef="{type_}"' if type_ else ""
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}"{shaped}/>'
        + "".join(_need(one) for one in needs)
        + f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


def _need(target: str) -> str:
    kind, _, identity = target.rpartition(":")
    if kind == "knowledge":
        inner = f'<requiredKnowledge href="#{identity}"/>'
        return f"<knowledgeRequirement>{inner}</knowledgeRequirement>"
    inner = f'<required{"Decision" if kind else "Input"} href="#{identity}"/>'
    return f"<informationRequirement>{inner}</informationRequirement>"


def told(found: Taken, name: str) -> tuple[str, str, str]:
    one = next(one for one in found.remarks if one.name == name)
    return one.verdict.value, one.becomes, one.why
