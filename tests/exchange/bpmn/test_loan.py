"""A published process and its log: the draft allows what was done."""

import csv
import gzip
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest

from kingpost.exchange.bpmn.importing import import_bpmn
from kingpost.exchange.remarks import Verdict, counted
from kingpost.model.workflow import Workflow
from kingpost.notation import read_model
from kingpost.notation.writing import write
from tests.exchange.bpmn.walking import allows

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "loan-simulation"
FILE = FOLDER / "Loan_Application.bpmn"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the published process is not beside us")


def drafted() -> Workflow:
    found = import_bpmn(FILE.read_bytes(), FILE.name)
    model = read_model({"a.yaml": write(found.workflows), "b.yaml": write(found.company)}).model
    assert model is not None
    return model.workflows["loan-application"]


def test_each_element_of_the_published_process_is_told() -> None:
    found = import_bpmn(FILE.read_bytes(), FILE.name)

    assert counted(found.remarks) == {
        Verdict.EXECUTED: 25,
        Verdict.APPROXIMATED: 5,
        Verdict.REFUSED: 1,
    }


def test_every_case_of_the_published_log_can_be_worked_on_the_draft() -> None:
    workflow = drafted()
    with gzip.open(FOLDER / "Loan_Application.csv.gz", "rt") as log:
        rows = sorted(csv.DictReader(log), key=itemgetter("case_id", "end_time"))
    cases = {
        case: tuple(row["activity"] for row in rows)
        for case, rows in groupby(rows, key=itemgetter("case_id"))
    }
    known = frozenset(activity for work in cases.values() for activity in work)

    refused = {work for work in set(cases.values()) if not allows(workflow, work, known)}

    assert len(cases) == 1000
    assert refused == set()


def test_a_sequence_that_the_process_does_not_have_is_not_allowed() -> None:
    workflow = drafted()
    known = frozenset(step.title for step in workflow.all_steps())

    assert not allows(workflow, ["Check application form completeness"], known)
    assert not allows(workflow, ["Approve application"], known)
