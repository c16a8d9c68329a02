"""Whether the company can be served."""

import asyncio
import logging
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel

from kingpost.api.caller import ThisCompany
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError
from kingpost.queries.flow import last_position

router = APIRouter(tags=["health"])

_WAIT_SECONDS_MAX = 5

_log = logging.getLogger(__name__)


class Health(BaseModel):
    """That the database answers."""

    database: str = "answers"


@router.get("/health", responses=says_no(503))
async def health(company: ThisCompany) -> Health:
    """Ask the database whether it answers; nobody has to sign in for that."""
    try:
        async with asyncio.timeout(_WAIT_SECONDS_MAX):
            await asyncio.to_thread(last_position, company.database)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is the same
        _log.warning("the database does not answer: %s", error)
        detail = "the database does not answer"
        raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "no-database", detail) from None
    return Health()
