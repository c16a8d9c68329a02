"""Small processes of BPMN 2.0 for tests, written in a few words."""

import re
from collections.abc import Iterable
from itertools import count

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' targetNamespace="urn:test" id="d">\n'
)
_FLOW = re.compile(r"(\S+) -> (\S+?)(?:: ([^\[]*?))?(?: *\[(.*)\])?")


def drawn(nodes: str, flows: str, *, around: str = "", name: str = "Claim") -> bytes:
    """Return a BPMN file with one process.

    nodes:  a line each: `task a Check it`, or an element as XML.
    flows:  a line each: `a -> b`, `a -> b: name`, `a -> b: name [condition]`.
    around: what stands beside the process.
    """
    return (
        f'{HEAD}{around}<process id="p" name="{name}">\n'
        f"{inner(nodes, flows)}\n</process>\n</definitions>\n"
    ).encode()


def inner(nodes: str, flows: str) -> str:
    """Return the nodes and flows as they stand in a process or a sub-process."""
    return "\n".join([*_nodes(nodes), *_flows(flows, count(1))])


def _nodes(text: str) -> Iterable[str]:
    for line in filter(None, (line.strip() for line in text.strip().splitlines())):
        if line.startswith("<"):
            yield line
        else:
            kind, key, *words = line.split(" ", 2)
            yield f'<{kind} id="{key}" name="{" ".join(words)}"/>'


def _flows(text: str, numbers: Iterable[int]) -> Iterable[str]:
    lines = filter(None, (line.strip() for line in text.strip().splitlines()))
    for number, line in zip(numbers, lines, strict=False):
        match = _FLOW.fullmatch(line)
        assert match, line
        source, target, name, condition = match.groups()
        inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        yield (
            f'<sequenceFlow id="{source}-{target}-{number}" sourceRef="{source}"'
            f' targetRef="{target}" name="{name or ""}">{inside}</sequenceFlow>'
        )
