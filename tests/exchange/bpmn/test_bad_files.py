"""Files that are no process, and processes that have no form as nested blocks."""

# ruff: noqa: E501 - a refusal reads best on one line.

import pytest

from kingpost.exchange.bpmn.importing import import_bpmn
from kingpost.exchange.files.faults import UnreadableError
from tests.exchange.bpmn.drawings import HEAD, drawn

SHARED = drawn(
    """startEvent s
    parallelGateway f Both
    task a A
    task b B
    task c C
    task d D
    parallelGateway j
    endEvent e""",
    "s -> f\nf -> a\nf -> b\nf -> d\na -> c\nb -> c\nc -> j\nd -> j\nj -> e",
)
ENDLESS = drawn("startEvent s\ntask a A\ntask b B", "s -> a\na -> b\nb -> a")
CIRCLE = drawn(
    "startEvent s\ntask a A\nexclusiveGateway g Round\nexclusiveGateway h\nendEvent e",
    "s -> a\na -> g\ng -> h: x [n &gt; 1]\nh -> g\ng -> e",
)
NOWHERE = drawn("startEvent s\ntask a A", "s -> a\na -> b")
TWICE = drawn("startEvent s\ntask a A\ntask a A", "s -> a")
DEEP = drawn(
    "startEvent s\nendEvent e\ntask last L\n"
    + "\n".join(f"parallelGateway f{n} F{n}\ntask a{n} A\nparallelGateway j{n}" for n in range(8)),
    "s -> f0\nj0 -> e\nf7 -> last\nlast -> j7\n"
    + "\n".join(f"f{n} -> a{n}\na{n} -> j{n}" for n in range(8))
    + "\n"
    + "\n".join(f"f{n} -> f{n + 1}\nj{n + 1} -> j{n}" for n in range(7)),
)
HELP = " Draw it so that branches that start at one gateway meet in one gateway."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<a/>", "c.bpmn:1:1: the file is XML but no BPMN 2.0: its root is `a`. Export the process as BPMN 2.0."),
        (f"{HEAD}<process id='p'/></definitions>".encode(), "c.bpmn:2:1: the file holds no process with steps. Draw a process."),
        (NOWHERE, "c.bpmn:7:1: the flow `a-b-2` leads to `b`, which is no step of its process. Draw it again."),
        (TWICE, "c.bpmn:6:1: the id `a` is used twice. Give each element an id of its own."),
        (SHARED, f"c.bpmn:5:1: at `Both`: branches that run at once share steps before they meet.{HELP}"),
        (ENDLESS, f"c.bpmn:4:1: at `s`: no end of the process can be reached from here.{HELP}"),
        (CIRCLE, f"c.bpmn:6:1: at `Round`: gateways lead in a circle without a step.{HELP}"),
        (DEEP, f"c.bpmn:25:1: at `F6`: branches are nested deeper than 6 levels.{HELP}"),
    ],
)  # fmt: skip
def test_what_cannot_be_drafted_is_refused_at_its_place(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        import_bpmn(content, "c.bpmn")

    assert str(caught.value) == words


def test_many_gateways_in_a_row_are_refused_before_they_take_long() -> None:
    # Each pair of gateways doubles the ways.
    count = 60
    nodes = "startEvent s\ntask a A\nendEvent e\n" + "\n".join(
        f"exclusiveGateway x{n}\nexclusiveGateway m{n}\nexclusiveGateway y{n}" for n in range(count)
    )
    flows = f"s -> a\na -> x0\nm{count - 1} -> e\n" + "\n".join(
        f"x{n} -> m{n}: v [v{n} &gt; 1]\nx{n} -> y{n}\ny{n} -> m{n}" for n in range(count)
    )
    flows += "\n" + "\n".join(f"m{n} -> x{n + 1}" for n in range(count - 1))

    with pytest.raises(UnreadableError) as caught:
        import_bpmn(drawn(nodes, flows), "c.bpmn")

    assert "gateways follow each other without a step" in str(caught.value) or (
        "ways lead on at once" in str(caught.value)
    )
