"""What became of each part of a DMN file: what is run, what is only kept, what is left out."""

from collections.abc import Mapping, Sequence

from kingpost.exchange.dmn.reading import Document
from kingpost.exchange.remarks import Remark, Verdict
from kingpost.rules import Remark as Fault
from kingpost.rules.definitions import (
    Decision,
    Element,
    InputData,
    Knowledge,
    Service,
    Source,
)
from kingpost.rules.graphs import Graph
from kingpost.rules.graphs.linking import site_of

# What each kind of element is called in a file.
KINDS: Mapping[type, str] = {
    InputData: "inputData",
    Decision: "decision",
    Knowledge: "businessKnowledgeModel",
    Service: "decisionService",
    Source: "knowledgeSource",
}


def fidelity(document: Document, graph: Graph) -> tuple[Remark, ...]:
    """Return what became of each element of a file, in the order of the file.

    graph: the compiled model, which knows what of it cannot be run.
    """
    definitions = document.definitions
    faults = list(graph.faults)
    told = [_of_element(element, faults) for element in definitions.elements]
    types = [
        Remark(
            "itemDefinition",
            one.head.id,
            one.name,
            Verdict.EXECUTED,
            line=one.at.line,
            column=one.at.column,
        )
        for one in definitions.types
    ]
    everything = (*document.remarks, *told, *types, *map(of_fault, faults))
    return tuple(sorted(everything, key=lambda one: (one.line, one.column)))


def _of_element(element: Element, faults: Sequence[Fault]) -> Remark:
    verdict, why = Verdict.EXECUTED, ""
    if isinstance(element, Source):
        verdict, why = Verdict.APPROXIMATED, "it is kept, and nothing is run"
    elif any(concerns(one, element) for one in faults):
        verdict, why = Verdict.APPROXIMATED, "what is refused in it is null"
    return Remark(
        kind=KINDS[type(element)],
        id=element.head.id,
        name=element.name,
        verdict=verdict,
        why=why,
        line=element.at.line,
        column=element.at.column,
    )


def concerns(fault: Fault, element: Element) -> bool:
    """Tell whether a fault lies in an element."""
    name = site_of(element).name
    return fault.site.name == name or fault.site.name.startswith(f"{name}, ")


def of_fault(fault: Fault) -> Remark:
    """Return what is told of a part that cannot be run."""
    return Remark(
        kind=fault.site.name,
        id="",
        name="",
        verdict=Verdict.REFUSED,
        why=fault.message,
        help=fault.help,
        line=fault.site.at.line,
        column=fault.site.at.column,
    )
