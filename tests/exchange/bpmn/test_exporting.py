"""Workflows as BPMN 2.0 that other programs read, and the way back."""

from importlib import import_module
from pathlib import Path
from random import Random  # noqa: TID251 - the walks come back from their seed.
from typing import Any, cast

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import (  # pyright: ignore[reportMissingTypeStubs]
    BpmnValidator,
)

from kingpost.exchange.bpmn.exporting import export_workflow
from kingpost.exchange.bpmn.importing import import_bpmn
from kingpost.exchange.bpmn.reading import read_bpmn
from kingpost.exchange.bpmn.writing import write_bpmn
from kingpost.exchange.xml_tree import Element, read_xml
from kingpost.model.model import Model
from kingpost.model.workflow import Workflow
from kingpost.notation import read_model
from kingpost.notation.writing import write
from tests.exchange.bpmn.walking import allows, enter, moves

# Another engine's parser, which brings the schema of the standard; it has no types.
etree: Any = import_module("lxml.etree")
ROOT = Path(__file__).parents[3]
SOUND = {"sound.yaml": (ROOT / "tests/checks/sound.yaml").read_text()}
DESK = {path.name: path.read_text() for path in (ROOT / "examples/service-desk").glob("*.yaml")}


def model_of(texts: dict[str, str]) -> Model:
    model = read_model(
        {name: text for name, text in texts.items() if not name.startswith("mapping")}
    ).model
    assert model is not None
    return model


def only_workflow(texts: dict[str, str]) -> Workflow:
    return next(iter(model_of(texts).workflows.values()))


def walk(workflow: Workflow, seed: int) -> list[str] | None:
    """Return a way through a workflow at random; None when it takes too long."""
    random, done = Random(seed), list[str]()
    at = enter(workflow.steps, workflow.steps[0].id)
    for _ in range(60):
        ways = sorted(moves(workflow.steps, at), key=repr)
        if not ways:
            return done
        title, at = random.choice(ways)
        done.append(title)
    return None


@pytest.mark.parametrize("texts", [SOUND, DESK], ids=["sound", "service-desk"])
def test_what_is_written_keeps_the_schema_of_the_standard(texts: dict[str, str]) -> None:
    written = write_bpmn(export_workflow(only_workflow(texts)).process)

    document = etree.fromstring(written.encode())
    cast("Any", BpmnValidator()).validate(document)


@pytest.mark.parametrize("texts", [SOUND, DESK], ids=["sound", "service-desk"])
def test_every_node_and_flow_has_its_place_in_the_picture(texts: dict[str, str]) -> None:
    process = export_workflow(only_workflow(texts)).process

    root = read_xml(write_bpmn(process).encode(), "a.bpmn")

    drawn = {e.attributes["bpmnElement"]: e for e in root.walk() if "bpmnElement" in e.attributes}
    assert drawn.keys() == {process.id, *process.nodes, *(flow.id for flow in process.flows)}
    lines = [drawn[flow.id] for flow in process.flows]
    assert all(len(list(line.all("waypoint"))) > 1 for line in lines)


@pytest.mark.parametrize("texts", [SOUND, DESK], ids=["sound", "service-desk"])
def test_no_two_shapes_lie_on_each_other(texts: dict[str, str]) -> None:
    process = export_workflow(only_workflow(texts)).process
    root = read_xml(write_bpmn(process).encode(), "a.bpmn")
    shapes = {e.attributes["bpmnElement"]: e for e in root.walk() if e.name == "BPMNShape"}
    standing = [places(shapes[key]) for key, node in process.nodes.items() if not node.host]

    apart = [
        x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
        for index, (x, y, w, h) in enumerate(standing)
        for x2, y2, w2, h2 in standing[index + 1 :]
    ]

    assert all(apart)


def places(shape: Element) -> tuple[float, float, float, float]:
    bounds = shape.first("Bounds")
    assert bounds is not None
    x, y, width, height = (float(bounds.attributes[key]) for key in ("x", "y", "width", "height"))
    return x, y, width, height


def test_the_same_workflow_gives_the_same_text() -> None:
    workflow = only_workflow(DESK)

    assert write_bpmn(export_workflow(workflow).process) == write_bpmn(
        export_workflow(workflow).process
    )


def test_a_workflow_comes_back_with_the_ways_that_it_had() -> None:
    workflow = only_workflow(SOUND)
    written = write_bpmn(export_workflow(workflow).process)

    found = import_bpmn(written.encode(), "claim.bpmn")
    back = only_workflow({"a": write(found.workflows), "b": write(found.company)})

    walks = [done for seed in range(60) if (done := walk(workflow, seed)) is not None]
    known = frozenset(step.title for step in workflow.all_steps())
    assert len(walks) > 20
    assert all(allows(back, done, known) for done in walks)
    assert not allows(back, ["Sort", "Shall we pay?"], known)


def test_roles_and_conditions_come_back() -> None:
    written = write_bpmn(export_workflow(only_workflow(SOUND)).process)

    process = read_bpmn(written.encode(), "claim.bpmn").processes[0]

    assert process.nodes["examine"].role == "clerk"
    assert [(f.target, f.condition) for f in process.leaving("examine.ways")] == [
        ("judge", "claim.urgent = true"),
        ("both", ""),
    ]
    assert process.nodes["pay.limit"].detail == "P30D"


def test_what_has_no_form_in_bpmn_is_told() -> None:
    remarks = export_workflow(only_workflow(SOUND)).remarks

    told = {remark.id: (str(remark.verdict), remark.why) for remark in remarks}
    words = "its state, due time and obligations stand in its documentation"
    assert told == {
        "sort": ("approximated", "its rule stands in its documentation"),
        "examine": ("approximated", words),
        "both": ("executed", ""),
        "call": ("executed", ""),
        "letter": ("executed", ""),
        "judge": ("approximated", words),
        "pay": ("executed", ""),
        "paid": ("approximated", words),
        "denied": ("approximated", words),
        "papers-missing": ("refused", "BPMN knows no step that is suspended"),
    }
