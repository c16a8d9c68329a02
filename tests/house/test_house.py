"""The house tidies itself: sizes, names, dead files, and traces of one machine.

What a linter knows is left to the linters; these are the rules that none of them has.
"""

import ast
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from kingpost.cli.main import COMMANDS, module_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
MODULES = sorted(SOURCE.rglob("*.py"))

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
PACKAGE_FILES_MAX = 14

# Names that say nothing about what is inside.
EMPTY_NAMES = {"base", "common", "helpers", "managers", "misc", "services", "shared", "utils"}

# `path: lines` of what is longer than allowed. A list that may only shrink: a test below fails
# when something on it has become shorter than is written here.
LONG_FILES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}

# Files that are run, not imported.
ENTRY_POINTS = {"kingpost.__main__"}

# Written in parts, so that this file does not name what it forbids.
MACHINE_TRACES = re.compile(
    "|".join(
        ("/work" + "/", r"\.lib" + "rary/", "/roo" + "t/", "pypi" + r"\.org", "python" + "hosted")
    )
)


def module_name(path: Path) -> str:
    """Return the name by which a file is imported."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def line_count(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the address and the number of lines of each function in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{module_name(path)}:{node.name}", node.end_lineno - node.lineno + 1


def imports_of(path: Path) -> set[str]:
    """Return every name that a file imports, and every package above it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def tracked_files() -> list[Path]:
    """Return the files of the repository, as git lists them, that are there and are text."""
    answer = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    paths = [ROOT / name for name in answer.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()]


def too_long(sizes: dict[str, int], limit: int, allowed: dict[str, int]) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > allowed.get(name, limit)}


def no_longer_so_long(sizes: dict[str, int], allowed: dict[str, int]) -> dict[str, int]:
    return {name: size for name, size in allowed.items() if sizes.get(name, 0) < size}


def test_no_file_is_too_long() -> None:
    sizes = {str(path.relative_to(ROOT)): line_count(path) for path in MODULES}

    assert too_long(sizes, FILE_LINES_MAX, LONG_FILES) == {}
    assert no_longer_so_long(sizes, LONG_FILES) == {}, "shorten the list of long files as well"


def test_no_function_is_too_long() -> None:
    sizes = dict(sized for path in MODULES for sized in functions_of(path))

    assert too_long(sizes, FUNCTION_LINES_MAX, LONG_FUNCTIONS) == {}
    assert no_longer_so_long(sizes, LONG_FUNCTIONS) == {}, "shorten the list of long functions too"


def test_no_package_is_too_full() -> None:
    packages = {path.parent for path in MODULES}
    sizes = {
        module_name(package / "__init__.py"): len(list(package.glob("*.py")))
        for package in packages
    }

    assert too_long(sizes, PACKAGE_FILES_MAX, {}) == {}


def test_every_file_is_imported_by_another() -> None:
    imported = {name for path in MODULES for name in imports_of(path)}
    names = {module_name(path) for path in MODULES if path.name != "__init__.py"}

    commands = {module_of(command) for command in COMMANDS}
    assert names - imported - commands - ENTRY_POINTS == set()


def test_no_package_has_an_empty_name() -> None:
    assert [str(path) for path in MODULES if {path.stem, *path.parts} & EMPTY_NAMES] == []


@pytest.mark.parametrize(
    "package", [path for path in MODULES if path.name == "__init__.py"], ids=module_name
)
def test_every_package_says_in_one_sentence_what_it_is_for(package: Path) -> None:
    sentence = ast.get_docstring(ast.parse(package.read_text())) or ""

    assert re.fullmatch(r"[A-Z][^\n]+[^.]\.", sentence)


def test_nothing_in_the_repository_names_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked_files()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if MACHINE_TRACES.search(line)
    ]

    assert found == []


def test_locks_pin_every_package_by_its_hash() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        lines = lock.read_text().splitlines()
        pinned = [(line, after) for line, after in pairwise(lines) if not line.startswith(" ")]
        assert pinned
        assert [line for line, after in pinned if "==" not in line or "--hash=" not in after] == []


def test_a_locked_run_is_part_of_a_locked_development() -> None:
    run, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / "locks" / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "dev.txt")
    )

    assert run <= dev


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/decisions").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
