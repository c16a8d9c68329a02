"""`kingpost serve` and `kingpost worker`, in processes of their own."""

import signal
import socket
from collections.abc import Mapping
from pathlib import Path

import httpx
import psycopg

from kingpost.cli.commands.serving import free_port
from kingpost.cli.options import HOST
from kingpost.store.pool import Database as Pool
from tests.cli.program import EXAMPLE, run, running, settings_of, until, wait_until
from tests.database import Database
from tests.engine.office import Office

MAPPING = EXAMPLE / "log" / "mapping.yaml"


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def test_pages_and_api_are_served_until_the_process_is_ended(database: Database) -> None:
    with Pool(database.app_url, connections=1) as pool:
        Office.opened(pool)
    port = free_port(23400)
    with running("serve", "--port", port, settings=settings_of(database)) as process:
        told = until(process, "Serving")
        address = f"http://{HOST}:{port}"
        wait_until(lambda: answers(f"{address}/api/v1/health"))

        assert told == f"Serving Harbour Mutual at {address}\n"
        assert answers(f"{address}/sign-in")
        assert httpx.get(f"{address}/api/v1/worklist").status_code == 401
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        answer = run("serve", "--port", port)

    words = f"port {port} is taken. Choose another one with `--port`.\n"
    assert (answer.status, answer.err) == (1, words)


def test_the_next_free_port_is_found() -> None:
    first = free_port(23500)
    with socket.socket() as other:
        other.bind((HOST, first))

        assert free_port(first) > first


def test_a_worker_ends_a_wait_and_then_itself(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool)
        case = office.paid_long_ago(20)
        with running("worker", settings=settings_of(database)) as process:
            until(process, "Working.")
            wait_until(lambda: office.case(case).is_closed)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=30)

    assert (process.returncode, err) == (0, "")


def test_what_cannot_be_played_is_said(desk: Mapping[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("number\n")

    alone = run("worker", "--play", log, settings=desk)
    never = run("worker", "--play", log, "--mapping", MAPPING, settings=desk)
    with psycopg.connect(desk["KINGPOST_OWNER_URL"], autocommit=True) as owner:
        owner.execute(
            """
            INSERT INTO import_run (id, source, cases, shift_ms, moment, seed, started_at)
            VALUES (gen_random_uuid(), 'log.csv', 9, 0, now(), sha256('seed'), now())
            """
        )
    unfinished = run("worker", "--play", log, "--mapping", MAPPING, settings=desk)

    assert alone.err == "`--play` and `--mapping` go together. Name both or neither.\n"
    assert never.err == "`log.csv` was not imported last. Import it up to a moment first.\n"
    assert unfinished.err == "`log.csv` is not imported yet. Finish its import first.\n"
    assert {alone.status, never.status, unfinished.status} == {1}
