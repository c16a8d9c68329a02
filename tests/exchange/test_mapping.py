"""Mappings that are not sound, and a mapping of another log."""

import gzip
from pathlib import Path
from uuid import UUID

import pytest

from kingpost.decisions.program import Program, compile_model
from kingpost.exchange.files.faults import UnreadableError
from kingpost.exchange.replay.plan import BadMappingError, load_mapping, plan_import
from kingpost.exchange.replay.replayer import Frame, replay
from kingpost.exchange.replay.rights import Appointed, Rights
from kingpost.notation import read_model
from kingpost.values.identity import derive
from tests.exchange.desk import MAPPING, NOW, SEED, desk_program

LOANS = Path(__file__).parents[3] / "shared" / "data" / "loan-simulation"


def refused(folder: Path, old: str, new: str) -> str:
    path = folder / "mapping.yaml"
    text = MAPPING.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadMappingError) as caught:
        load_mapping(path, desk_program())
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "workflow: incident",
            "workflow: incidents",
            "mapping.yaml:4:11: there is no workflow `incidents`. Write `incident`.",
        ),
        (
            "Active: active",
            "Active: actives",
            "mapping.yaml:19:15: there is no state `actives`. Write `active`.",
        ),
        (
            "Updated by 908: service-bus",
            "Updated by 908: bus",
            "mapping.yaml:13:34: there is no interface `bus`. Name one that the model has.",
        ),
        (
            "known-in: [resolved,",
            "known-in: [solved,",
            "mapping.yaml:30:78: there is no state `solved`. Write `resolved`.",
        ),
        (
            "  vendor:         vendor",
            "  supplier:         vendor",
            "mapping.yaml:46:3: there is no field `supplier`. Name one that the model has.",
        ),
        ("zone: Etc/UTC}", "zone: Etc/UTX}", "mapping.yaml:9:66: `zone` is `Etc/UTX`"),
        ("people: slug", "person: slug", "mapping.yaml:14:5: `person` is not a property of"),
        (", zone: Etc/UTC}\n  started", "}\n  started", "mapping.yaml:9:9: `time` has a `format`"),
        (
            "active:   [{complete: triage}]",
            "active:   [{complete: triag}]",
            "there is no step `triag`. Write `triage`.",
        ),
        (
            "[{raise: user-info-missing}]",
            "[{raise: user-missing}]",
            "there is no exception `user-missing`. Write `user-info-missing`.",
        ),
        (
            "new:      [{resolve: answered}]",
            "new:      [{resolve: answer}]",
            "there is no ending `answer`. Write `answered`.",
        ),
        (
            "decide: confirm,",
            "decide: confirmed,",
            "there is no outcome `confirmed`. Write `confirm`.",
        ),
        (
            "closed: [{deliver: closure-confirmed}]",
            "closed: [{deliver: confirmed}]",
            "there is no message `confirmed`. Write `closure-confirmed`.",
        ),
        (
            "differs: [impact,",
            "differs: [impct,",
            "`impct` is not among the `fields` of the mapping. Write `impact`.",
        ),
    ],
)
def test_a_name_that_the_model_does_not_have_is_told_with_its_place(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    assert expected in refused(tmp_path, old, new)


def test_an_empty_mapping_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("", encoding="utf-8")

    with pytest.raises(BadMappingError, match="expected a mapping"):
        load_mapping(path, desk_program())


# --- another log: a row is one thing that happened, in parallel branches, with zones in its times

LOAN_MODEL = """
kingpost: 1
company: A lender
timezone: Etc/UTC
calendars: {always: {hours: always}}
units: {lending: {calendar: always}}
roles: {clerk: {}, officer: {}}
posts:
  clerk:   {unit: lending, roles: [clerk], seats: 20, vacancy: holds}
  officer: {unit: lending, roles: [officer], seats: 20, vacancy: holds}
objectives: {answers: {owner: officer}}
value-streams:
  lend:
    serves: [answers]
    promise: {metric: open, target: "<= 10"}
    stages: {lend: {workflows: [loan]}}
metrics: {open: {count-of: workflow/loan}}
objects:
  application:
    custodian: officer
    fields: {activity: {type: text}}
    states: {checking: {begin: true}, assessed: {}, decided: {end: true}}
    moves: [checking -> assessed, assessed -> decided]
governance: [{part: "*", custodian: officer}]
workflows:
  loan:
    object: application
    owner: officer
    prefix: LOAN
    begins: {form: [], roles: [clerk]}
    steps:
      completeness: {task: Check the form, role: clerk, to: {post: clerk}, then: checks}
      checks:
        parallel:
          join: all
          branches:
            credit:
              steps: {credit-history: {task: Check, role: clerk, to: {post: clerk}, then: done}}
            aml:
              steps: {aml-check: {task: Check, role: clerk, to: {post: clerk}, then: done}}
            house:
              steps: {appraisal: {task: Appraise, role: clerk, to: {post: clerk}, then: done}}
        then: assess
      assess:
        task: Assess the risk
        state: assessed
        role: officer
        to: {post: officer}
        then: decided
      decided: {state: decided, end: true}
"""

LOAN_MAPPING = """
mapping: 1
workflow: loan
log:
  case: case_id
  order: time
  time:    {column: end_time}
  started: {column: start_time}
  actor: {column: resource, people: slug}
  event: {column: activity, values: {Check credit history: credit}}
moves:
  - at: [completeness]
    ways: {check-application-form-completeness: [{complete: completeness}]}
  - at: [credit-history]
    ways: {credit: [{complete: credit-history}]}
  - at: [aml-check]
    ways: {aml-check: [{complete: aml-check}]}
  - at: [appraisal]
    ways: {appraise-property: [{complete: appraisal}]}
  - at: [assess]
    ways: {assess-loan-risk: [{complete: assess}]}
"""

CHECKS = (
    ("Check application form completeness", "09:00:00+00:00", "09:30:00+00:00"),
    ("Check credit history", "09:30:00+00:00", "11:30:00+02:00"),
    ("AML Check", "09:30:00+00:00", "09:50:00+00:00"),
    ("Appraise property", "09:30:00+00:00", "10:20:00+00:00"),
    ("Assess loan risk", "10:20:00+00:00", "10:50:00+00:00"),
)


def loan_program() -> Program:
    reading = read_model({"loan.yaml": LOAN_MODEL})
    assert reading.model is not None, reading.diagnostics
    return compile_model(reading.model)


def test_a_log_of_activities_is_carried_out_through_parallel_branches(tmp_path: Path) -> None:
    lines = ["case_id,activity,start_time,end_time,resource"]
    lines += [f"0,{what},2023-01-02 {a},2023-01-02 {b},Clerk_0" for what, a, b in CHECKS]
    log = tmp_path / "loans.csv"
    log.write_text("\n".join(lines), encoding="utf-8")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(LOAN_MAPPING, encoding="utf-8")
    program = loan_program()
    posts = [
        Appointed("clerk-0", post, derive(post), "substantive", NOW.replace(year=2020), None)
        for post in ("clerk", "officer")
    ]

    with plan_import(log, mapping, program) as plan:
        frame = Frame(UUID(int=1), NOW - NOW, NOW, NOW, SEED)
        kept = Rights(posts, program.model.posts)
        (case,) = plan.cases
        result = replay(program, plan.mapping, kept, frame, plan.rows_of(case))

    assert [(item.kind, item.reason) for item in result.deviants] == []
    assert result.case is not None
    assert result.case.state == "decided"
    assert result.conforming == 5


def test_times_with_and_without_a_zone_in_one_column_are_refused(tmp_path: Path) -> None:
    log = tmp_path / "loans.csv"
    log.write_text(
        "case_id,activity,start_time,end_time,resource\n"
        "0,AML Check,2023-01-02T09:00:00Z,2023-01-02T09:30:00Z,Clerk_0\n"
        "0,AML Check,2023-01-02T09:00:00Z,2023-01-02T09:40:00,Clerk_0\n",
        encoding="utf-8",
    )
    mapping = tmp_path / "mapping.yaml"
    text = LOAN_MAPPING.replace("column: end_time}", "column: end_time, zone: Etc/UTC}")
    mapping.write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableError) as caught:
        plan_import(log, mapping, loan_program())

    assert str(caught.value) == (
        "loans.csv:3: `end_time` mixes zones: line 2 has one, line 3 none. "
        "Write all times in one way."
    )


def test_a_thousand_simulated_loans_are_read(tmp_path: Path) -> None:
    log = LOANS / "Loan_Application.csv.gz"
    if not log.exists():
        pytest.skip("the simulated loans are not on this machine")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(LOAN_MAPPING, encoding="utf-8")
    with gzip.open(log, "rt", encoding="utf-8") as source:
        count = sum(1 for _ in source) - 1

    with plan_import(log, mapping, loan_program()) as plan:
        assert (len(plan.cases), plan.rows) == (1000, count)
