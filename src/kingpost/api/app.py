"""The API as one application, to be mounted under `/api/v1`."""

from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from kingpost.api import changing, commands, health, model, problems, reading, sessions
from kingpost.api.documents import Documented, operation_id
from kingpost.api.limits import BodyLimit, WaitLimit
from kingpost.api.proposing import proposals
from kingpost.api.register import absences, appointments, delegations, succession
from kingpost.api.systems import calls, exceptions, messages, signed
from kingpost.engine.away import OperationalError
from kingpost.engine.company import Company, NoModelError
from kingpost.engine.perform import ContentionError, KeyReusedError

ROUTERS = tuple(
    part.router
    for part in (
        health,
        sessions,
        commands,
        calls,
        exceptions,
        messages,
        signed,
        reading,
        appointments,
        delegations,
        absences,
        succession,
        model,
        changing,
        proposals,
    )
)


def create_api(
    company: Company, clock: Callable[[], datetime], environment: Mapping[str, str] | None = None
) -> FastAPI:
    """Return the API of a company.

    clock: answers with the aware time now; sessions expire by it.
    environment: with the secrets of systems that sign; without them nothing of these is taken.
    """
    api = Documented(
        title="Kingpost",
        version="1",
        summary="The commands and queries of a company that runs.",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        generate_unique_id_function=operation_id,
        middleware=[Middleware(WaitLimit), Middleware(BodyLimit)],
    )
    api.state.company = company
    api.state.clock = clock
    api.state.environment = environment or {}
    for router in ROUTERS:
        api.include_router(router)
    api.add_exception_handler(problems.ProblemError, problems.on_problem)
    api.add_exception_handler(KeyReusedError, problems.on_key_reused)
    api.add_exception_handler(ContentionError, problems.on_contention)
    api.add_exception_handler(NoModelError, problems.on_no_model)
    api.add_exception_handler(OperationalError, problems.on_database)
    api.add_exception_handler(HTTPException, problems.on_http)
    api.add_exception_handler(RequestValidationError, problems.on_invalid)
    api.add_exception_handler(Exception, problems.on_failure)
    return api
