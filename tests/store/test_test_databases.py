"""The databases that tests are given."""

import psycopg

from tests.database import Database, Databases


def test_each_test_has_a_database_of_its_own(databases: Databases) -> None:
    first = databases.make()
    with psycopg.connect(first.owner_url) as connection:
        connection.execute("CREATE TABLE trace (number integer)")

    with psycopg.connect(databases.make().owner_url) as connection:
        query = "SELECT count(*) FROM pg_tables WHERE tablename = 'trace'"
        assert connection.execute(query).fetchone() == (0,)


def test_the_application_may_connect(database: Database) -> None:
    with psycopg.connect(database.app_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("kingpost_app",)
