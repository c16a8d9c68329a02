"""Statements that every command sends, over cursors that are kept."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import DictRow, dict_row

from kingpost.store.pool import Database as Pool
from kingpost.store.pool import read_one
from tests.database import Database

_HALF = "SELECT 10 / %(by)s::integer AS half"


@pytest.fixture
def pool(database: Database) -> Iterator[Pool]:
    with Pool(database.app_url, connections=1) as pool:
        yield pool


def test_a_statement_keeps_its_cursor_and_answers_anew(pool: Pool) -> None:
    with pool.connection() as connection:
        first, second = (read_one(connection, _HALF, {"by": by}) for by in (2, 5))
        other = read_one(connection, "SELECT 1 AS one WHERE false")
    assert (first, second, other) == ({"half": 5}, {"half": 2}, None)


def test_after_an_error_the_next_answer_is_right(pool: Pool) -> None:
    with pool.connection() as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            read_one(connection, _HALF, {"by": 0})
        assert read_one(connection, _HALF, {"by": 1}) == {"half": 10}


def test_a_connection_that_nobody_keeps_cursors_for_answers_as_well(database: Database) -> None:
    with Connection[DictRow].connect(database.app_url, row_factory=dict_row) as connection:
        assert read_one(connection, _HALF, {"by": 2}) == {"half": 5}


def test_a_lent_connection_comes_back_clean_from_an_error(pool: Pool) -> None:
    """One that is left in a transaction by an error is rolled back, and nothing of it stays."""
    with pytest.raises(psycopg.errors.DivisionByZero), pool.connection() as connection:
        _begin_and_fail(connection)
    with pool.connection() as connection:
        assert read_one(connection, "SELECT to_regclass('left_over') AS found") == {"found": None}
        assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE


def _begin_and_fail(connection: Connection[DictRow]) -> None:
    connection.execute("BEGIN")
    connection.execute("CREATE TEMP TABLE left_over ()")
    read_one(connection, _HALF, {"by": 0})
