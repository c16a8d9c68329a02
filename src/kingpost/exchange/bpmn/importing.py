"""Take a BPMN 2.0 file over as the draft of a company's workflows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from kingpost.exchange.bpmn.diagram import Process
from kingpost.exchange.bpmn.draft.company import around
from kingpost.exchange.bpmn.draft.rewriting import rewrite
from kingpost.exchange.bpmn.draft.stops import Graph
from kingpost.exchange.bpmn.draft.structure import Structure, UnstructuredError, structure
from kingpost.exchange.bpmn.draft.workflow import Draft, Tree, draft
from kingpost.exchange.bpmn.reading import read_bpmn
from kingpost.exchange.files.faults import Fault, UnreadableError
from kingpost.exchange.naming import Names
from kingpost.exchange.remarks import Remark, Verdict

_ALARMS_TRIED_MAX = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file gave.

    workflows: the sections with the drafted workflows, their objects, roles and interfaces.
    company:   the sections that a company of its own needs around them.
    remarks:   one for each element of the file, in its order.
    """

    workflows: Tree
    company: Tree
    remarks: tuple[Remark, ...]


def import_bpmn(content: bytes, file: str) -> Taken:
    """Draft a workflow for each process of a file.

    file:   how messages call it.
    Raises: UnreadableError, when it is no BPMN 2.0, or a process has no form as nested blocks.
    """
    read = read_bpmn(content, file)
    names, prefixes = Names(), Names()
    drafts: list[Draft] = []
    faults: list[Fault] = []
    for number, process in enumerate(read.processes, 1):
        called = _called(process, file, number if len(read.processes) > 1 else 0)
        try:
            drafts.append(draft(called, _structured(rewrite(called)), names, prefixes))
        except UnstructuredError as error:
            faults.append(_fault(file, process, error))
    if faults:
        raise UnreadableError(faults)
    remarks = [*read.remarks, *(remark for each in drafts for remark in each.remarks)]
    remarks.sort(key=lambda remark: (remark.line, remark.column))
    name = read.name or drafts[0].title
    return Taken(_joined(drafts), around(drafts, name), tuple(remarks))


def _called(process: Process, file: str, number: int) -> Process:
    """Call a process without a name by its file."""
    stem = " ".join(PurePath(file).stem.replace("_", " ").split())
    return replace(process, name=process.name or (f"{stem} {number}" if number else stem))


def _structured(graph: Graph) -> Structure:
    """Find the blocks; what interrupts steps and leads out of their block is refused then.

    Raises: UnstructuredError, when the process has no blocks even without what interrupts.
    """
    try:
        return structure(graph)
    except UnstructuredError:
        wanted, graph.alarms = graph.alarms, []
        found = structure(graph)
    for alarm in wanted[:_ALARMS_TRIED_MAX]:
        graph.alarms.append(alarm)
        try:
            found = structure(graph)
        except UnstructuredError:
            graph.alarms.pop()
    for alarm in wanted:
        if alarm not in graph.alarms:
            graph.say(alarm.origin, Verdict.REFUSED, "it leads out of branches that run at once")
    return found


def _fault(file: str, process: Process, error: UnstructuredError) -> Fault:
    node = process.nodes.get(error.stop.partition("/")[0])
    line, column = (node.line, node.column) if node else (process.line, process.column)
    name = f"`{node.name or node.id}`" if node else "the process"
    help_text = "Draw it so that branches that start at one gateway meet in one gateway."
    return Fault(file, line, f"at {name}: {error}", help_text, column)


def _joined(drafts: Sequence[Draft]) -> Tree:
    """Put the sections of several drafts together."""
    sections: Tree = {}
    for each in drafts:
        for section, elements in each.sections.items():
            sections.setdefault(section, {}).update(elements)
    return sections
