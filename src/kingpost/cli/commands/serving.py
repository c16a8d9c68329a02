"""`kingpost serve`: the pages, with the API under `/api/v1`."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from kingpost.api.app import create_api
from kingpost.cli.accounts import read_demo_accounts
from kingpost.cli.clock import now
from kingpost.cli.failures import CommandError
from kingpost.cli.options import HOST, PORT, DataFolder
from kingpost.cli.settings import open_database, read_settings, systems
from kingpost.cli.stopping import stop_when_asked
from kingpost.engine.company import Company
from kingpost.engine.outside.signed import unready
from kingpost.web.app import create_web
from kingpost.web.pages.sign_in import DemoAccount

_THREADS = 16
# Whoever waits for a page has an answer within half a minute, and if it is that there is none.
_PATIENCE_SECONDS = 25.0
_PORTS_TRIED = 50


def serve_command(
    *,
    port: Annotated[int, typer.Option(help="On the loopback address.", min=1, max=65535)] = PORT,
    demo: Annotated[
        Path | None,
        typer.Option(help="CSV of accounts that anybody may try.", exists=True, dir_okay=False),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Serve the pages and, under `/api/v1`, the API."""
    if not is_free(port):
        raise CommandError(f"port {port} is taken. Choose another one with `--port`.")
    with (
        # The server hands the signal that ends it on to us; we close the database then.
        stop_when_asked(),
        open_database(
            read_settings(data), connections=_THREADS, patience=_PATIENCE_SECONDS
        ) as database,
    ):
        company = Company(database)
        model = company.active().model
        for why in unready(model, systems()):
            typer.echo(why, err=True)
        accounts = read_demo_accounts(demo, model) if demo else ()
        if not accounts:
            typer.echo(f"Serving {model.company} at http://{HOST}:{port}")
        uvicorn.run(
            application(company, accounts),
            host=HOST,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )


def application(company: Company, demo: tuple[DemoAccount, ...] = ()) -> Starlette:
    """Assemble the pages and the API of a company. demo: accounts that anybody may try."""
    api = create_api(company, now, systems())
    web = create_web(company, now, demo=demo)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with web.router.lifespan_context(web):
            yield

    return Starlette(routes=[Mount("/api/v1", api), Mount("/", web)], lifespan=lifespan)


def free_port(first: int) -> int:
    """Return the first free port of the loopback address from `first` on."""
    last = first + _PORTS_TRIED - 1
    for port in range(first, last + 1):
        if is_free(port):
            return port
    raise CommandError(f"the ports {first} to {last} are taken. Choose others with `--port`.")


def is_free(port: int) -> bool:
    """Tell whether a server could listen at a port of the loopback address."""
    with socket.socket() as probe:
        # As the server does it: what an ended connection still holds does not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
