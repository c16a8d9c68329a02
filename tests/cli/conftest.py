from collections.abc import Mapping

import pytest

from tests.cli.program import EXAMPLE, run, settings_of
from tests.database import Database


@pytest.fixture
def desk(database: Database) -> Mapping[str, str]:
    """The settings of a database in which the service desk is loaded, and its register."""
    settings = settings_of(database)
    people, appointments = EXAMPLE / "people.csv", EXAMPLE / "appointments.csv"
    assert run("load", EXAMPLE, settings=settings).status == 0
    assert run("people", "load", people, appointments, settings=settings).status == 0
    return settings
