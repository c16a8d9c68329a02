"""The API as one application, to be mounted under `/api/v1`."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kingpost.api import commands, problems, reading, sessions
from kingpost.engine.company import Company
from kingpost.engine.perform import ContentionError, KeyReusedError


def create_api(company: Company, clock: Callable[[], datetime]) -> FastAPI:
    """Return the API of a company.

    clock: answers with the aware time now; sessions expire by it.
    """
    api = FastAPI(
        title="Kingpost",
        version="1",
        summary="The commands and queries of a company that runs.",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    api.state.company = company
    api.state.clock = clock
    api.include_router(sessions.router)
    api.include_router(commands.router)
    api.include_router(reading.router)
    api.add_exception_handler(problems.ProblemError, problems.on_problem)
    api.add_exception_handler(KeyReusedError, problems.on_key_reused)
    api.add_exception_handler(ContentionError, problems.on_contention)
    api.add_exception_handler(HTTPException, problems.on_http)
    api.add_exception_handler(RequestValidationError, problems.on_invalid)
    return api
