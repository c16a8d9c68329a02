from collections.abc import Iterator

import pytest

from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """The company, with everybody on their posts, as it runs: owning nothing."""
    with Pool(database.app_url, connections=4) as pool:
        yield Office.opened(pool)
