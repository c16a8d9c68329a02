from collections.abc import Iterator

import pytest

from kingpost.store.pool import Database as Pool
from tests.api.front import Front
from tests.database import Database
from tests.engine.office import Office


@pytest.fixture
def front(database: Database) -> Iterator[Front]:
    """The API of the test's company, with everybody on their posts."""
    with Pool(database.app_url, connections=4) as pool:
        yield Front.opened(Office.opened(pool))
