from collections.abc import Iterator

import pytest

from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.queries.claims import Claims


@pytest.fixture
def pool(database: Database) -> Iterator[Pool]:
    with Pool(database.app_url, connections=4) as pool:
        yield pool


@pytest.fixture
def claims(pool: Pool) -> Claims:
    """The insurer with six claims; see `Claims.six`."""
    claims = Claims.opened(pool)
    claims.six()
    return claims


@pytest.fixture
def nothing(pool: Pool) -> Claims:
    """The insurer on its first day."""
    return Claims.opened(pool)
