"""Nothing acknowledged is lost, doubled or forked, whoever is killed whenever."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bench.killing.harness import shake


@pytest.mark.slow
def test_kills_of_workers_and_of_the_database_lose_nothing(
    server_folder: Path, size: Callable[[int], int]
) -> None:
    workers = size(15)
    databases = -(-workers // 8)

    left = shake(server_folder, workers=workers, databases=databases)

    assert left.faults == ()
    assert left.acknowledged > 0
    assert (left.worker_kills, left.database_kills) == (workers, databases)
