"""The checker over imported histories: silent over sound ones, and loud when something is gone."""

from pathlib import Path

import psycopg
import pytest

from kingpost.engine.verify import verify
from tests.database import Database
from tests.exchange.desk import first_incidents, import_log, running_desk

ANY = "(SELECT case_id FROM command ORDER BY case_id LIMIT 1)"
# A whole case, as somebody who owns the tables can take it out of all of them.
WHOLE_CASE = f"CREATE TEMP TABLE one AS SELECT {ANY} AS case_id;" + "".join(
    f"DELETE FROM {table} WHERE {key} IN (SELECT case_id FROM one);"
    for table, key in (
        ("event", "case_id"),
        ("vault", "case_id"),
        ("task", "case_id"),
        ("visit", "case_id"),
        ("measurement", "case_id"),
        ("duty", "case_id"),
        ("command", "case_id"),
        ("case_file", "id"),
    )
)


@pytest.fixture(scope="module")
def incidents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return first_incidents(tmp_path_factory.mktemp("log"), 20)


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        ("SELECT 1", None),
        ("DELETE FROM deviation", "I11"),
        ("DELETE FROM deviation WHERE line = (SELECT min(line) FROM deviation)", "I11"),
        ("UPDATE deviation SET kind = 'other'", "I11"),
        ("UPDATE deviation SET at = at + interval '90 years'", "I11"),
        (WHOLE_CASE, "I11"),
        ("UPDATE import_run SET counts = jsonb_set(counts, '{cases}', '19')", "I11"),
        ("UPDATE event SET recorded_at = recorded_at + interval '1 microsecond'", "I2"),
        ("UPDATE measurement SET value = value + 1", "I3"),
        ("DELETE FROM command WHERE seq = 1", "I5"),
    ],
)
def test_damage_to_an_import_is_found(
    database: Database, incidents: Path, statement: str, invariant: str | None
) -> None:
    with running_desk(database) as company:
        import_log(company, incidents)
        with psycopg.connect(database.owner_url) as connection:
            connection.execute("DROP TRIGGER event_is_final ON event")
            connection.execute(statement.encode())

        report = verify(company)

    found = {fault.invariant for fault in report.faults}
    assert report.cases in {19, 20}
    assert (invariant in found) if invariant else not found, [str(item) for item in report.faults]
