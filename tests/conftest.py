"""What every test may ask for: a server for the run, and a database of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from kingpost.store.embedded import EmbeddedServer
from tests.database import Database, Databases, shared_server

# The environment is how a build server speaks to a test run.
_ENVIRONMENT = os.environ  # noqa: TID251 - tests have no command line of their own.

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("check", max_examples=200, deadline=None, derandomize=True)
settings.register_profile("night", max_examples=20_000, deadline=None, print_blob=True)
settings.load_profile(
    _ENVIRONMENT.get("HYPOTHESIS_PROFILE") or ("check" if "CI" in _ENVIRONMENT else "dev")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say with one option how large a test of what it survives is to be; see docs/faults.md."""
    parser.addoption(
        "--size", type=int, help="how much a test of faults does, in its own unit: docs/faults.md"
    )


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """Return how large a test is to be: as `--size` says, or else as small as a normal run."""
    wanted: int | None = request.config.getoption("--size")
    return lambda normal: normal if wanted is None else wanted


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[EmbeddedServer]:
    """One embedded server for the whole run, shared by all its workers."""
    of_worker = tmp_path_factory.getbasetemp()
    with shared_server(of_worker if worker_id == "master" else of_worker.parent) as running:
        yield running


@pytest.fixture(scope="session")
def databases(server: EmbeddedServer, worker_id: str) -> Iterator[Databases]:
    with Databases(server, prefix=f"test_{worker_id}") as made:
        yield made


@pytest.fixture
def database(databases: Databases) -> Database:
    """A migrated database without rows, for one test alone."""
    return databases.make()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser. Without one the test is skipped, but never on a build server."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    if _ENVIRONMENT.get("CI") == "true":
        pytest.fail("Chromium is missing: `make chromium` installs it for root")
    pytest.skip("Chromium is missing")


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a server of the test's own.

    Not pytest's, which is closed to the account that the server runs as.
    """
    with TemporaryDirectory(prefix="kingpost-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
