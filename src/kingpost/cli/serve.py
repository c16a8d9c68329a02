"""`kingpost serve` and `kingpost worker`: the pages with the API, and what is due."""

import logging
import signal
import socket
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.routing import Mount

from kingpost.api.app import create_api
from kingpost.cli.checking import DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.store.pool import Database
from kingpost.web.app import create_web
from kingpost.worker import pump

HOST = "127.0.0.1"
PORT = 8321
_PORTS_TRIED = 50
_THREADS = 16


def now() -> datetime:
    """Return the time now: the one clock of the program."""
    return datetime.now(UTC)  # noqa: TID251 - the command line reads the clock


def application(database: Database, *, demo: bool) -> Starlette:
    """Assemble the pages and the API over one database. demo: offer accounts to try."""
    company = Company(database)
    api = create_api(company, now)
    web = create_web(company, now, demo=demo)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with web.router.lifespan_context(web):
            yield

    return Starlette(routes=[Mount("/api/v1", api), Mount("/", web)], lifespan=lifespan)


def serve_command(
    *,
    port: Annotated[int, typer.Option(help="On the loopback address.", min=1, max=65535)] = PORT,
    demo: Annotated[bool, typer.Option("--demo", help="Offer accounts to try.")] = False,
    data: DataFolder = None,
) -> None:
    """Serve the pages and, under `/api/v1`, the API."""
    with open_database(read_settings(data), connections=_THREADS) as database:
        Console().print(f"Serving http://{HOST}:{port}", highlight=False)
        uvicorn.run(
            application(database, demo=demo),
            host=HOST,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )


def worker_command(data: DataFolder = None) -> None:
    """Do what is due, until interrupted. Any number of workers may run."""
    logging.basicConfig(level=logging.INFO)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with open_database(read_settings(data), connections=4) as database:
        pump.run(Company(database), stop)


def free_port(first: int = PORT) -> int:
    """Return the first free port of the loopback address from `first` on."""
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex((HOST, port)) != 0:
                return port
    raise OSError(f"no free port from {first} to {first + _PORTS_TRIED - 1}")
