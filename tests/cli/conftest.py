from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kingpost.store.pool import Database as Pool
from tests.cli.planned import COMPANY, Planned
from tests.cli.program import EXAMPLE, run, settings_of
from tests.database import Database
from tests.engine.office import Office


@pytest.fixture
def desk(database: Database) -> Mapping[str, str]:
    """The settings of a database in which the service desk is loaded, and its register."""
    settings = settings_of(database)
    people, appointments = EXAMPLE / "people.csv", EXAMPLE / "appointments.csv"
    assert run("load", EXAMPLE, settings=settings).status == 0
    assert run("people", "load", people, appointments, settings=settings).status == 0
    return settings


@pytest.fixture
def planned(database: Database, tmp_path: Path) -> Iterator[Planned]:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, text=COMPANY)
        office.start()
        office.start()
        office.examined()
        yield Planned(settings_of(database), tmp_path, office.company.active().version[:8])
