"""Nothing acknowledged is lost, doubled or forked, whoever is killed whenever."""

from pathlib import Path

import pytest
from bench.killing.harness import shake


@pytest.mark.slow
def test_kills_of_workers_and_of_the_database_lose_nothing(server_folder: Path) -> None:
    left = shake(server_folder, workers=15, databases=2)

    assert left.faults == ()
    assert left.acknowledged > 0
    assert (left.worker_kills, left.database_kills) == (15, 2)
