from collections.abc import Iterator

import pytest

from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.web.meridian import Meridian, serving


@pytest.fixture
def meridian(database: Database) -> Iterator[Meridian]:
    """The example company, with a handful of people."""
    with Pool(database.app_url, connections=8) as pool:
        yield Meridian.opened(pool)


@pytest.fixture
def address(meridian: Meridian) -> Iterator[str]:
    """Its pages, served on the loopback."""
    with serving(meridian) as address:
        yield address
