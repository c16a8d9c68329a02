"""The same process in SpiffWorkflow: drawn in BPMN and DMN, kept in PostgreSQL after each step."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import psycopg
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

ACTS: Sequence[tuple[str, Mapping[str, Any]]] = (
    ("ask_bureau", {"score": 702}),
    ("assess", {"assessed_by": "una", "outcome": "eligible"}),
    ("four_eyes", {"approved_by": "app", "outcome": "approve"}),
    ("offer", {"accepted": True}),
    ("pay_out", {"paid_on": "2026-11-27", "paid_by": "pay"}),
)
FORM = {"amount": 48_000, "income": 30_000, "debts": 2_000}

_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def _rule(name: str) -> str:
    called = f"<s:calledDecisionId>{name}</s:calledDecisionId>"
    inside = f"<extensionElements>{called}</extensionElements>"
    return f'<businessRuleTask id="{name}" name="{name}">{inside}</businessRuleTask>'


def _people(*names: str) -> str:
    return "".join(f'<userTask id="{name}" name="{name}"/>' for name in names)


def _flows(*pairs: tuple[str, str]) -> str:
    return "".join(
        f'<sequenceFlow id="{start}-{end}" sourceRef="{start}" targetRef="{end}"/>'
        for start, end in pairs
    )


_PROCESS = f"""
<definitions xmlns="{_BPMN}" xmlns:s="{_SPIFF}" id="d" targetNamespace="x"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <process id="loan" isExecutable="true">
    <startEvent id="begin"/>
    {_rule("completeness")}
    <exclusiveGateway id="whole" default="whole-refused"/>
    {_people("ask_bureau", "assess", "four_eyes", "offer", "pay_out")}
    {_rule("risk_band")}
    <boundaryEvent id="too_late" attachedToRef="offer" cancelActivity="true">
      <timerEventDefinition><timeDuration xsi:type="tFormalExpression">"P30D"</timeDuration>
      </timerEventDefinition>
    </boundaryEvent>
    <endEvent id="funded"/><endEvent id="refused"/>
    <sequenceFlow id="whole-ask" sourceRef="whole" targetRef="ask_bureau">
      <conditionExpression xsi:type="tFormalExpression">complete == "yes"</conditionExpression>
    </sequenceFlow>
    {_flows(("begin", "completeness"), ("completeness", "whole"), ("whole", "refused"))}
    {_flows(("ask_bureau", "risk_band"), ("risk_band", "assess"), ("assess", "four_eyes"))}
    {_flows(("four_eyes", "offer"), ("offer", "pay_out"), ("pay_out", "funded"))}
    {_flows(("too_late", "refused"))}
  </process>
</definitions>"""

_TABLES: Mapping[str, tuple[Sequence[str], str, Sequence[Sequence[str]]]] = {
    "completeness": (
        ("amount", "income"),
        "complete",
        (
            ("? &gt; 0", "? &gt; 0", '"yes"'),
            ("? &gt; 0", "? &lt;= 0", '"no"'),
            ("? &lt;= 0", "", '"no"'),
        ),
    ),
    "risk_band": (
        ("score", "amount / income"),
        "band",
        (
            ("? &gt;= 700", "? &lt;= 5", '"low"'),
            ("? &gt;= 700", "? &gt; 5", '"medium"'),
            ("500 &lt;= ? &lt; 700", "? &lt;= 3", '"medium"'),
            ("500 &lt;= ? &lt; 700", "? &gt; 3", '"high"'),
            ("? &lt; 500", "", '"high"'),
        ),
    ),
}


def _table(name: str) -> str:
    inputs, output, rows = _TABLES[name]
    asked = "".join(
        f'<input id="{name}i{place}" label="i{place}"><inputExpression id="{name}x{place}" '
        f'typeRef="number"><text>{text}</text></inputExpression></input>'
        for place, text in enumerate(inputs)
    )
    written = "".join(
        f'<rule id="{name}r{number}">'
        + "".join(
            f'<inputEntry id="{name}r{number}{place}"><text>{text}</text></inputEntry>'
            for place, text in enumerate(row[:-1])
        )
        + f'<outputEntry id="{name}o{number}"><text>{row[-1]}</text></outputEntry></rule>'
        for number, row in enumerate(rows)
    )
    return (
        f'<definitions xmlns="{_DMN}" id="d" name="d" namespace="x">'
        f'<decision id="{name}" name="{name}"><decisionTable id="{name}t">{asked}'
        f'<output id="{name}o" label="{output}" name="{output}" typeRef="string"/>{written}'
        "</decisionTable></decision></definitions>"
    )


class Peer:
    """Runs cases as an application on SpiffWorkflow does: read, act, go on, write."""

    def __init__(self, url: str) -> None:
        """Read the drawing once, and make the table for the cases."""
        parser = SpiffBpmnParser()
        parser.add_bpmn_io(BytesIO(_PROCESS.encode()))
        for name in _TABLES:
            parser.add_dmn_io(BytesIO(_table(name).encode()))
        self._spec = parser.get_spec("loan")
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS spiff (id bigserial PRIMARY KEY, state json NOT NULL)"
        )

    def case(self) -> None:
        """Take one case from the form to the money."""
        flow = BpmnWorkflow(self._spec)
        flow.get_next_task(state=TaskState.READY).data.update(FORM)
        flow.do_engine_steps()
        flow.refresh_waiting_tasks()
        row = self._connection.execute(
            "INSERT INTO spiff (state) VALUES (%s) RETURNING id", [self._written(flow)]
        ).fetchone()
        assert row is not None
        for step, fields in ACTS:
            flow = self._act(row[0], step, fields)
        assert flow.is_completed(), "the case has come to its end"
        assert flow.data["band"] == "low", flow.data

    def _act(self, case: int, step: str, fields: Mapping[str, Any]) -> BpmnWorkflow:
        with self._connection.transaction():
            row = self._connection.execute(
                "SELECT state::text FROM spiff WHERE id = %s FOR UPDATE", [case]
            ).fetchone()
            assert row is not None
            flow = self._serializer.deserialize_json(row[0])
            task = flow.get_next_task(spec_name=step, state=TaskState.READY)
            task.data.update(fields)
            task.run()
            flow.do_engine_steps()
            flow.refresh_waiting_tasks()
            self._connection.execute(
                "UPDATE spiff SET state = %s WHERE id = %s", [self._written(flow), case]
            )
        return flow

    def _written(self, flow: BpmnWorkflow) -> str:
        return self._serializer.serialize_json(flow)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()
