"""Every page in its states, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from kingpost.web.pieces import Link
from kingpost.web.samples import (
    assurance,
    calls,
    cases,
    changes,
    exceptions,
    goals,
    people,
    succession,
    work,
)
from kingpost.web.samples.frame import frame


@dataclass(frozen=True, slots=True)
class Sample:
    """A page of the gallery; entry: URL of the sidebar's entry, empty for a page without frame."""

    template: str
    title: str
    entry: str
    make: Callable[[], object]


SAMPLES: dict[str, Sample] = {
    "sign-in": Sample("sign_in", "Sign in", "", work.sign_in),
    "sign-in-refused": Sample("sign_in", "Sign in", "", lambda: work.sign_in(wrong=True)),
    "worklist": Sample("worklist", "My worklist", "/work", work.worklist),
    "worklist-one": Sample("worklist", "My worklist", "/work", lambda: work.worklist("one")),
    "worklist-empty": Sample("worklist", "My worklist", "/work", lambda: work.worklist("empty")),
    "worklist-no-match": Sample(
        "worklist", "My worklist", "/work", lambda: work.worklist("no-match")
    ),
    "task": Sample("task", "Assess credit", "/work", cases.task),
    "task-wrong": Sample("task", "Assess credit", "/work", lambda: cases.task(wrong=True)),
    "task-blocked": Sample("task", "Assess credit", "/work", lambda: cases.task(blocked=True)),
    "decision": Sample("decision", "Approve client", "/work", cases.decision),
    "decision-wrong": Sample(
        "decision", "Approve client", "/work", lambda: cases.decision(wrong=True)
    ),
    "decision-locked": Sample(
        "decision", "Approve client", "/work", lambda: cases.decision(locked=True)
    ),
    "decision-votes": Sample(
        "decision", "Approve client", "/work", lambda: cases.decision(votes=True)
    ),
    "case-timeline": Sample("case", "Osei Textiles", "/cases", cases.case),
    "case-data": Sample("case", "Osei Textiles", "/cases", lambda: cases.case("data")),
    "case-trace": Sample("case", "Osei Textiles", "/cases", lambda: cases.case("trace")),
    "case-map": Sample("case", "Osei Textiles", "/cases", lambda: cases.case("map")),
    "cases": Sample("cases", "Cases", "/cases", assurance.cases),
    "cases-empty": Sample("cases", "Cases", "/cases", lambda: assurance.cases(empty=True)),
    "calls": Sample("calls", "Calls", "/calls", calls.calls),
    "calls-empty": Sample("calls", "Calls", "/calls", lambda: calls.calls(empty=True)),
    "versions": Sample("change", "Versions", "/versions", changes.versions),
    "version": Sample("change", "Version 2", "/versions", changes.version),
    "exceptions": Sample("exceptions", "Exceptions", "/exceptions", exceptions.exceptions),
    "exceptions-wrong": Sample(
        "exceptions", "Exceptions", "/exceptions", lambda: exceptions.exceptions(wrong=True)
    ),
    "exceptions-empty": Sample(
        "exceptions", "Exceptions", "/exceptions", lambda: exceptions.exceptions(empty=True)
    ),
    "batch-look": Sample("batch", "Before you act", "/exceptions", exceptions.look),
    "batch": Sample("batch", "What came of it", "/exceptions", exceptions.batch),
    "process": Sample("process", "Client onboarding", "/processes", assurance.process),
    "process-table": Sample(
        "process",
        "Client onboarding",
        "/processes",
        lambda: assurance.process(as_table=True, empty=True),
    ),
    "objectives": Sample("objectives", "Objectives", "/objectives", goals.objectives),
    "objectives-empty": Sample(
        "objectives", "Objectives", "/objectives", lambda: goals.objectives(empty=True)
    ),
    "measure": Sample("measure", "Live within ten working days", "/objectives", goals.measure),
    "obligations": Sample("obligations", "Obligations", "/obligations", assurance.obligations),
    "obligations-empty": Sample(
        "obligations", "Obligations", "/obligations", lambda: assurance.obligations(empty=True)
    ),
    "obligation": Sample("obligation", "KYC-7", "/obligations", assurance.obligation),
    "organisation": Sample("organisation", "Posts and people", "/org", people.organisation),
    "organisation-read": Sample(
        "organisation",
        "Posts and people",
        "/org",
        lambda: people.organisation(may_appoint=False),
    ),
    "person": Sample("person", "Yara Okafor", "/org", people.person),
    "who": Sample("who", "Who answered", "/org", people.who),
    "search": Sample("search", "Search", "/work", work.search),
    "search-empty": Sample("search", "Search", "/work", lambda: work.search(empty=True)),
    "succession": Sample("succession", "What goes with a post", "/org", succession.succession),
    "denied": Sample("problem", "Denied", "/work", lambda: people.DENIED),
    "missing": Sample("problem", "Not found", "", lambda: people.MISSING),
    "failed": Sample("problem", "Failed", "/work", lambda: people.FAILED),
}


def sample_shell(sample: Sample) -> object:
    """Return the frame of a sample, None for a page without one."""
    if not sample.entry:
        return None
    crumbs = (Link("Larkfield Supply", "/"), Link(sample.title))
    return frame(sample.title, sample.entry, *crumbs, undone=sample.template == "worklist")
