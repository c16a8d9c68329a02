"""The queries of the API: pages of rows, each true at the moment that it names."""

from http import HTTPStatus
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from kingpost.api.caller import Caller, PersonCaller
from kingpost.api.problems import ProblemError
from kingpost.api.task_view import TaskView, view_task
from kingpost.queries.case_page import CasePage, read_case_page
from kingpost.queries.cases import CaseFilter, CaseList, list_cases
from kingpost.queries.flow import ModelVersion, list_versions
from kingpost.queries.objectives import MetricPage, Objectives, read_metric, read_objectives
from kingpost.queries.obligations import (
    ObligationPage,
    Obligations,
    read_obligation,
    read_obligations,
)
from kingpost.queries.organisation import (
    Organisation,
    PersonPage,
    PostPage,
    read_organisation,
    read_person,
    read_post,
)
from kingpost.queries.people import may_see_case, read_reader
from kingpost.queries.process import Process, Processes, Window, read_process, read_processes
from kingpost.queries.task_page import read_task_page
from kingpost.queries.worklist import View, Wanted, Worklist, read_worklist

router = APIRouter(tags=["queries"])

PageNumber = Annotated[int, Field(ge=1, le=100_000)]
Filter = Annotated[str, Field(max_length=200)]

_Found = TypeVar("_Found")


@router.get("/worklist")
def worklist(
    caller: PersonCaller,
    view: View = View.ALL,
    workflow: Filter = "",
    step: Filter = "",
    text: Filter = "",
    page: PageNumber = 1,
) -> Worklist:
    """Read the open work that you may act on, soonest term first."""
    return read_worklist(
        caller.company.database,
        caller.company.active(),
        _person(caller),
        Wanted(view, workflow, step, text),
        acting_as=caller.acting_as,
        page=page,
    )


@router.get("/tasks/{task}")
def task(task: UUID, caller: PersonCaller) -> TaskView:
    """Read open work: what it shows, and which acts are possible or why not."""
    company = caller.company
    found = read_task_page(
        company.database, task, company.program, person=_person(caller), acting_as=caller.acting_as
    )
    if found is None or not _may_see(caller):
        raise _nothing("open work", str(task))
    return view_task(found)


class Filters(BaseModel):
    """What narrows a list of cases; see the query of the same name."""

    model_config = ConfigDict(extra="forbid")

    workflow: Filter = ""
    state: Filter = ""
    step: Filter = ""
    exception: Filter = ""
    post: Filter = ""
    text: Filter = ""
    is_open: bool | None = None
    overdue: bool = False
    page: PageNumber = 1


@router.get("/cases")
def cases(caller: PersonCaller, filters: Annotated[Filters, Query()]) -> CaseList:
    """Read cases, open ones first, the latest start first."""
    _must_see(caller)
    wanted = CaseFilter(**filters.model_dump(exclude={"page"}))
    company = caller.company
    return list_cases(company.database, company.active(), wanted, page=filters.page)


@router.get("/cases/{number}")
def case(number: str, caller: PersonCaller) -> CasePage:
    """Read a case with its record, history, trace and proof."""
    _must_see(caller)
    company = caller.company
    return _found(read_case_page(company.database, number, company.program), "case", number)


@router.get("/processes")
def processes(caller: PersonCaller, window: Window = Window.MONTH) -> Processes:
    """Read every process in one line each."""
    _must_see(caller)
    return read_processes(caller.company.database, caller.company.active(), window)


@router.get("/processes/{workflow}")
def process(workflow: str, caller: PersonCaller, window: Window = Window.MONTH) -> Process:
    """Read a process as it runs now: counts, time in step and in state, what is late."""
    _must_see(caller)
    company = caller.company
    found = read_process(company.database, company.active(), workflow, window)
    return _found(found, "process", workflow)


@router.get("/objectives")
def objectives(caller: PersonCaller) -> Objectives:
    """Read all objectives with their measures now."""
    _must_see(caller)
    return read_objectives(caller.company.database, caller.company.active())


@router.get("/metrics/{metric}")
def metric(metric: str, caller: PersonCaller, page: PageNumber = 1) -> MetricPage:
    """Read a metric and exactly what it counts."""
    _must_see(caller)
    company = caller.company
    found = read_metric(company.database, company.active(), metric, page=page)
    return _found(found, "metric", metric)


@router.get("/obligations")
def obligations(caller: PersonCaller, window: Window = Window.MONTH) -> Obligations:
    """Read the board of all obligations."""
    _must_see(caller)
    return read_obligations(caller.company.database, caller.company.active(), window)


@router.get("/obligations/{obligation}")
def obligation(
    obligation: str,
    caller: PersonCaller,
    window: Window = Window.MONTH,
    status: Filter = "",
    page: PageNumber = 1,
) -> ObligationPage:
    """Read an obligation and the cases and events that show how it stands."""
    _must_see(caller)
    company = caller.company
    found = read_obligation(
        company.database, company.active(), obligation, window=window, status=status, page=page
    )
    return _found(found, "obligation", obligation)


@router.get("/organisation")
def organisation(caller: PersonCaller) -> Organisation:
    """Read units and posts with who holds them now."""
    _must_see(caller)
    return read_organisation(caller.company.database, caller.company.active())


@router.get("/organisation/posts/{post}")
def post(post: str, caller: PersonCaller) -> PostPage:
    """Read a post with everyone who ever held it."""
    _must_see(caller)
    return _found(read_post(caller.company.database, caller.company.active(), post), "post", post)


@router.get("/organisation/people/{person}")
def person(person: str, caller: PersonCaller, page: PageNumber = 1) -> PersonPage:
    """Read a person: appointments, and what was done."""
    _must_see(caller)
    company = caller.company
    found = read_person(company.database, company.active(), person, page=page)
    return _found(found, "person", person)


@router.get("/model/versions")
def versions(caller: PersonCaller) -> tuple[ModelVersion, ...]:
    """Read every model version that took effect, the one in force first."""
    _must_see(caller)
    return list_versions(caller.company.database)


def _person(caller: Caller) -> str:
    assert caller.person is not None, "the route is for people"
    return caller.person


def _may_see(caller: Caller) -> bool:
    company = caller.company
    reader = read_reader(company.database, _person(caller), caller.acting_as)
    return may_see_case(reader, company.active())


def _must_see(caller: Caller) -> None:
    if not _may_see(caller):
        detail = "you hold no post of this company: ask whoever keeps the register"
        raise ProblemError(HTTPStatus.FORBIDDEN, "no-post", detail)


def _found(found: _Found | None, what: str, name: str) -> _Found:
    if found is None:
        raise _nothing(what, name)
    return found


def _nothing(what: str, name: str) -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, "not-found", f"there is no {what} `{name}`")
