"""The queries of the API: pages of rows, each true at the moment that it names."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from kingpost.api.caller import HolderCaller
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, nothing
from kingpost.api.task_view import TaskView, view_task
from kingpost.api.texts import Name, PageNumber, Text
from kingpost.queries.accountability.answer import Accountable, NothingThereError
from kingpost.queries.accountability.reading import who_was_accountable
from kingpost.queries.alarms.alarm import Alarms
from kingpost.queries.alarms.reading import read_alarms
from kingpost.queries.case_page import CasePage, read_case_page
from kingpost.queries.cases import CaseFilter, CaseList, list_cases
from kingpost.queries.changes.organisation import Reorganised, read_reorganisations
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
    PersonRow,
    PostPage,
    list_people,
    read_organisation,
    read_person,
    read_post,
)
from kingpost.queries.page import Page
from kingpost.queries.people import Answering, who_answered
from kingpost.queries.process import Process, Processes, Window, read_process, read_processes
from kingpost.queries.task_page import read_task_page
from kingpost.queries.worklist import Worklist, read_worklist
from kingpost.queries.worklists.asking import CannotAskError, View, Wanted, read_condition

router = APIRouter(tags=["queries"])

_NO, _NO_SUCH = says_no(401, 403, 422), says_no(401, 403, 404, 422)

_Found = TypeVar("_Found")


@router.get("/worklist", responses=_NO)
def worklist(  # noqa: PLR0913, PLR0917 - each is a parameter of the address
    caller: HolderCaller,
    view: View = View.ALL,
    workflow: Name = "",
    step: Name = "",
    text: Name = "",
    where: Annotated[tuple[Name, ...], Query(max_length=10)] = (),
    order: Name = "term",
    page: PageNumber = 1,
    after: Annotated[Text, Query(max_length=1000)] = "",
) -> Worklist:
    """Read the open work that you may act on, soonest term first.

    where: conditions on fields of the records of `workflow`, each as `field=value`, `field>=value`
    or `field<=value`; all must hold. order: `term`, `opened`, `number` (of the case), or one of
    these fields; after `-` the other way round. after: the `next` of the page before, in place of
    `page`, so that no row is missed or comes twice when work comes and goes. Numbers are written as
    `1250.50`, everything else as a record holds it, and yes or no as `yes` or `no`.
    """
    try:
        conditions = tuple(read_condition(each) for each in where)
        return read_worklist(
            caller.company.database,
            caller.program,
            caller.person,
            Wanted(view, workflow, step, text, conditions, order),
            acting_as=caller.acting_as,
            page=page,
            after=after,
        )
    except CannotAskError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "request", str(error)) from None


@router.get("/tasks/{task}", responses=_NO_SUCH)
def task(task: UUID, caller: HolderCaller) -> TaskView:
    """Read open work: what it shows, and which acts are possible or why not."""
    company = caller.company
    found = read_task_page(
        company.database, task, company.program, person=caller.person, acting_as=caller.acting_as
    )
    if found is None:
        raise nothing("open work", str(task))
    return view_task(found)


class Filters(BaseModel):
    """What narrows a list of cases; see the query of the same name."""

    model_config = ConfigDict(extra="forbid")

    workflow: Name = ""
    state: Name = ""
    step: Name = ""
    exception: Name = ""
    post: Name = ""
    text: Name = ""
    is_open: bool | None = None
    overdue: bool = False
    page: PageNumber = 1


@router.get("/cases", responses=_NO)
def cases(caller: HolderCaller, filters: Annotated[Filters, Query()]) -> CaseList:
    """Read cases, open ones first, the latest start first."""
    wanted = CaseFilter(**filters.model_dump(exclude={"page"}))
    company = caller.company
    return list_cases(company.database, caller.program, wanted, page=filters.page)


@router.get("/cases/{number}", responses=_NO_SUCH)
def case(number: Name, caller: HolderCaller) -> CasePage:
    """Read a case with its record, history, trace and proof."""
    company = caller.company
    return _found(read_case_page(company.database, number, company.program), "case", number)


@router.get("/processes", responses=_NO)
def processes(caller: HolderCaller, window: Window = Window.MONTH) -> Processes:
    """Read every process in one line each."""
    return read_processes(caller.company.database, caller.program, window)


@router.get("/processes/{workflow}", responses=_NO_SUCH)
def process(workflow: Name, caller: HolderCaller, window: Window = Window.MONTH) -> Process:
    """Read a process as it runs now: counts, time in step and in state, what is late."""
    company = caller.company
    found = read_process(company.database, caller.program, workflow, window)
    return _found(found, "process", workflow)


@router.get("/objectives", responses=_NO)
def objectives(caller: HolderCaller) -> Objectives:
    """Read all objectives with their measures now."""
    return read_objectives(caller.company.database, caller.program)


@router.get("/metrics/{metric}", responses=_NO_SUCH)
def metric(metric: Name, caller: HolderCaller, page: PageNumber = 1) -> MetricPage:
    """Read a metric and exactly what it counts."""
    company = caller.company
    found = read_metric(company.database, caller.program, metric, page=page)
    return _found(found, "metric", metric)


@router.get("/obligations", responses=_NO)
def obligations(caller: HolderCaller, window: Window = Window.MONTH) -> Obligations:
    """Read the board of all obligations."""
    return read_obligations(caller.company.database, caller.program, window)


@router.get("/obligations/{obligation}", responses=_NO_SUCH)
def obligation(
    obligation: Name,
    caller: HolderCaller,
    window: Window = Window.MONTH,
    status: Name = "",
    page: PageNumber = 1,
) -> ObligationPage:
    """Read an obligation and the cases and events that show how it stands."""
    company = caller.company
    found = read_obligation(
        company.database, caller.program, obligation, window=window, status=status, page=page
    )
    return _found(found, "obligation", obligation)


@router.get("/organisation", responses=_NO)
def organisation(caller: HolderCaller, at: AwareDatetime | None = None) -> Organisation:
    """Read units and posts with who holds them, now or at another moment.

    Of another moment, they are those of the version of the model that ran then.
    """
    program = caller.program if at is None else caller.company.ran_at(at)
    return read_organisation(caller.company.database, program, at)


@router.get("/alarms", responses=_NO)
def alarms(caller: HolderCaller) -> Alarms:
    """Read the posts that stand empty with something to do, and the work that reaches nobody."""
    return read_alarms(caller.company.database, caller.program, caller.company.program)


@router.get("/organisation/changes", responses=_NO)
def organisation_changes(caller: HolderCaller) -> tuple[Reorganised, ...]:
    """Read which posts and units became what, and when, the latest change first."""
    return read_reorganisations(caller.company.database)


@router.get("/organisation/posts/{post}", responses=_NO_SUCH)
def post(post: Name, caller: HolderCaller) -> PostPage:
    """Read a post with everyone who ever held it."""
    return _found(read_post(caller.company.database, caller.program, post), "post", post)


@router.get("/organisation/posts/{post}/holders", responses=_NO_SUCH)
def holders(post: Name, caller: HolderCaller, at: AwareDatetime | None = None) -> Answering:
    """Read who held a post at a moment (now, if none is given): who answered for it on that day."""
    known = post if post in caller.program.model.posts else None
    found = _found(known, "post", post)
    return who_answered(caller.company.database, caller.program, found, at)


@router.get("/organisation/accountable", responses=_NO_SUCH)
def accountable(
    address: Name, on: date, caller: HolderCaller, known: AwareDatetime | None = None
) -> Accountable:
    """Read who was accountable for something on a day, in the time zone of the post that answers.

    address: a post, `workflow/W`, `workflow/W/step/S`, `obligation/O`, `objective/O`,
    `case/NUMBER`, or another part of the model, for which its keeper answers; by the name that it
    has today, or had then. known: what was recorded later is left out.
    """
    try:
        company = caller.company
        return who_was_accountable(company.database, company.program, address, on, known)
    except NothingThereError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, "no-such-thing", str(error)) from None


@router.get("/organisation/people", responses=_NO)
def people(caller: HolderCaller, text: Name = "", page: PageNumber = 1) -> Page[PersonRow]:
    """Read people whose id or name holds a text, with the posts that they hold now."""
    return list_people(caller.company.database, text=text, page=page)


@router.get("/organisation/people/{person}", responses=_NO_SUCH)
def person(person: Name, caller: HolderCaller, page: PageNumber = 1) -> PersonPage:
    """Read a person: appointments, and what was done."""
    company = caller.company
    found = read_person(company.database, caller.program, person, page=page)
    return _found(found, "person", person)


def _found(found: _Found | None, what: str, name: str) -> _Found:
    if found is None:
        raise nothing(what, name)
    return found
