"""The pages as one application."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from kingpost.engine.company import Company
from kingpost.engine.proposals.waiting import Waits
from kingpost.queries.alarms.marking import Mark
from kingpost.queries.flow import last_position
from kingpost.web.pages.sign_in import DemoAccount
from kingpost.web.routes.failing import Catch, problem_handlers
from kingpost.web.routes.live import Changes
from kingpost.web.routes.table import ROUTES
from kingpost.web.serving.arriving import Clean
from kingpost.web.serving.assets import Assets
from kingpost.web.serving.headers import Guard
from kingpost.web.serving.model_cache import ModelCache
from kingpost.web.templating import build_environment


def create_web(
    company: Company,
    clock: Callable[[], datetime],
    *,
    demo: tuple[DemoAccount, ...] = (),
    hosts: tuple[str, ...] = (),
) -> Starlette:
    """Return the pages of a company.

    clock: answers with the aware time now. demo: accounts that a visitor may try without a
           password; empty for a company that is not an example.
    hosts: names under which the pages answer, besides those of the loopback.
    """
    assets, changes = Assets(), Changes()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        watching = asyncio.create_task(changes.watch(lambda: last_position(company.database)))
        try:
            yield
        finally:
            watching.cancel()

    web = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        middleware=[
            Middleware(Guard, hosts=hosts),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(Catch),
            Middleware(Clean),
        ],
        exception_handlers=problem_handlers(),
    )
    web.state.company = company
    web.state.clock = clock
    web.state.demo = demo
    web.state.assets = assets
    web.state.changes = changes
    web.state.alarms = Mark()
    web.state.waits = Waits()
    web.state.model_cache = ModelCache(company)
    web.state.environment = build_environment(assets.url)
    return web
