"""`kingpost serve` and `kingpost worker`: the pages with the API, and what is due."""

import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.routing import Mount

from kingpost.api.app import create_api
from kingpost.cli.accounts import read_demo_accounts
from kingpost.cli.checking import DataFolder
from kingpost.cli.clock import now
from kingpost.cli.importing import stop_when_asked
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.exchange.playing import latest_run
from kingpost.exchange.replay.plan import plan_import
from kingpost.store.pool import Database
from kingpost.web.app import create_web
from kingpost.web.pages.sign_in import DemoAccount
from kingpost.worker import pump
from kingpost.worker.play import Player

HOST = "127.0.0.1"
PORT = 8321
_PORTS_TRIED = 50
_THREADS = 16


def application(database: Database, demo: tuple[DemoAccount, ...] = ()) -> Starlette:
    """Assemble the pages and the API over one database. demo: accounts that anybody may try."""
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
    demo: Annotated[
        Path | None, typer.Option(help="CSV of accounts that anybody may try.", exists=True)
    ] = None,
    data: DataFolder = None,
) -> None:
    """Serve the pages and, under `/api/v1`, the API."""
    with open_database(read_settings(data), connections=_THREADS) as database:
        accounts = read_demo_accounts(demo, Company(database).active().model) if demo else ()
        Console().print(f"Serving http://{HOST}:{port}", highlight=False)
        uvicorn.run(
            application(database, accounts),
            host=HOST,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )


def worker_command(
    *,
    play: Annotated[
        Path | None, typer.Option(help="A log that was imported up to a moment.", exists=True)
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="The log's mapping.", exists=True)] = None,
    speed: Annotated[float, typer.Option(help="Times the pace of the log.", min=0.1)] = 1.0,
    data: DataFolder = None,
) -> None:
    """Do what is due, until interrupted. Any number of workers may run.

    With `--play` the rows of a log after the moment of its import become live work.
    """
    logging.getLogger().setLevel(logging.INFO)
    stop = stop_when_asked()
    with open_database(read_settings(data), connections=4) as database:
        company = Company(database)
        player = _player(company, play, mapping, speed) if play and mapping else None
        pump.run(company, stop, (lambda: player.round(now())) if player else None)


def free_port(first: int = PORT) -> int:
    """Return the first free port of the loopback address from `first` on."""
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) != 0:
                return port
    raise OSError(f"no free port from {first} to {first + _PORTS_TRIED - 1}")


def _player(company: Company, log: Path, mapping: Path, speed: float) -> Player | None:
    run = latest_run(company.database)
    if run is None or run.finished_at is None:
        Console().print("There is no finished import to play on.")
        return None
    plan = plan_import(log, mapping, company.active(), moment=run.moment)
    player = Player(company, plan, run, begun=now(), speed=speed)
    Console().print(f"Playing {player.left:,} rows on.", highlight=False)
    return player
