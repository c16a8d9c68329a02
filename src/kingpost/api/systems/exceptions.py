"""Triage of exceptions over the API: what is in trouble, and acts on many, each with a result."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from kingpost.api.caller import HolderCaller
from kingpost.api.commands import Key
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError
from kingpost.api.texts import Body, Name, PageNumber, Text
from kingpost.engine.batches import acting
from kingpost.engine.batches.acting import ITEMS_MAX, Batch, BatchKeyReusedError, Order
from kingpost.queries.trouble.batches import Item, read_items
from kingpost.queries.trouble.exceptions import Exceptions, Sought, own_ids, read_exceptions
from kingpost.queries.trouble.reviews import OverdueReview, read_overdue_reviews

router = APIRouter(tags=["exceptions"])

_NO = says_no(401, 403, 422)
_ACTS = says_no(401, 403, 404, 409, 413, 422, 503)


class Wanted(Body):
    """Which exceptions: empty is any. cause: of a call's failure; null is any, empty is none."""

    workflow: Name = ""
    kind: Name = ""
    step: Name = ""
    post: Name = ""
    cause: Text | None = None


class ActBody(Body):
    """What to do, to which, and why. tasks: by the ids of their open work; or all that match.

    act: `retry`, `give-up`, or `end/` and the id of an ending.
    """

    act: Name
    reason: Text
    tasks: Annotated[
        list[Annotated[UUID, Field(strict=False)]],
        Field(default_factory=list[UUID], max_length=ITEMS_MAX),
    ]
    matching: Wanted | None = None


class BatchResult(BaseModel):
    """How far a batch came, and a page of its items. left: not tried yet: go on with them."""

    batch: Batch
    left: int
    items: list[Item]


@router.get("/exceptions", responses=_NO)
def exceptions(  # noqa: PLR0913 - each is a part of the filter
    caller: HolderCaller,
    *,
    whose: Annotated[str, Query(pattern="^(mine|all)$")] = "mine",
    workflow: Name = "",
    kind: Name = "",
    step: Name = "",
    post: Name = "",
    cause: Text | None = None,
    page: PageNumber = 1,
) -> Exceptions:
    """Read what holds work up: exceptions and calls in trouble, in groups, and the oldest first."""
    sought = Sought(whose == "mine", workflow, kind, step, post, cause)
    return read_exceptions(
        caller.company.database,
        caller.company.program,
        caller.program,
        caller.person,
        sought,
        acting_as=caller.acting_as,
        page=page,
    )


@router.get("/exceptions/reviews", responses=_NO)
def overdue_reviews(caller: HolderCaller) -> tuple[OverdueReview, ...]:
    """Read the reviews of overrides that are overdue, whoever answers for them, longest first."""
    return read_overdue_reviews(caller.company.database, caller.company.program)


@router.post("/exceptions/acts", responses=_ACTS)
def act_on_exceptions(body: ActBody, caller: HolderCaller, key: Key) -> BatchResult:
    """Act on many: each is a command of its own with a result of its own.

    What is not done within two seconds is left: go on with it. The same key is the same batch.
    """
    tasks, total = tuple(body.tasks), len(body.tasks)
    if body.matching is not None:
        found = body.matching
        sought = Sought(True, found.workflow, found.kind, found.step, found.post, found.cause)  # noqa: FBT003 - the reader's own
        tasks, total = own_ids(
            caller.company.database,
            caller.program,
            caller.person,
            sought,
            limit=ITEMS_MAX,
            acting_as=caller.acting_as,
        )
    order = Order(
        key,
        body.act,
        tasks,
        caller.person,
        body.reason,
        caller.acting_as,
        total,
        is_found=body.matching is not None,
    )
    try:
        refusal = acting.begin(caller.company, order)
    except BatchKeyReusedError as error:
        raise ProblemError(HTTPStatus.CONFLICT, "key-reused", str(error)) from None
    if refusal is not None:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.kind, str(refusal))
    return _told(caller, acting.go_on(caller.company, key, caller.person))


@router.post("/exceptions/acts/{batch}/go-on", responses=_ACTS)
def go_on_with_acts(batch: UUID, caller: HolderCaller) -> BatchResult:
    """Do what is left of a batch, for two seconds at most."""
    return _told(caller, acting.go_on(caller.company, batch, caller.person))


@router.get("/exceptions/acts/{batch}", responses=says_no(401, 403, 404, 422))
def acts_on_exceptions(batch: UUID, caller: HolderCaller, page: PageNumber = 1) -> BatchResult:
    """Read how far a batch came, and what came of each item, those that were refused first."""
    return _told(caller, acting.find(caller.company, batch, caller.person), page)


def _told(caller: HolderCaller, found: Batch | acting.NoSuchBatch, page: int = 1) -> BatchResult:
    if not isinstance(found, Batch):
        raise ProblemError(HTTPStatus.NOT_FOUND, "no-such-batch", str(found))
    items = read_items(caller.company.database, found.id, page=page)
    return BatchResult(batch=found, left=found.left, items=list(items))
