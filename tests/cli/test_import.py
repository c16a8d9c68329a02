"""`kingpost import`: its report, its interruption, and what is said of a bad log."""

import json
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.program import EXAMPLE, run, running, wait_until
from tests.exchange.desk import first_incidents

MAPPING = EXAMPLE / "log" / "mapping.yaml"
MANY = 1500


def test_a_log_is_imported_with_a_report(desk: Mapping[str, str], tmp_path: Path) -> None:
    log = first_incidents(tmp_path, 20)

    first = run("import", log, "--mapping", MAPPING, settings=desk)
    again = run("import", log, "--mapping", MAPPING, "--json", settings=desk)

    assert first.status == 0
    assert first.out.startswith("first.csv is in\n  20 of 20 cases, ")
    report = json.loads(again.out)
    assert (report["finished"], report["cases"], report["rows-taken-now"]) == (True, 20, 0)
    assert run("verify", settings=desk).out.endswith("everything is whole.\n")


def test_a_moment_leaves_the_rest_to_be_played(desk: Mapping[str, str], tmp_path: Path) -> None:
    log = first_incidents(tmp_path, 20)
    words = ("import", log, "--mapping", MAPPING, "--moment", "2016-02-29T12:00", "--json")

    report = json.loads(run(*words, settings=desk).out)

    assert report["rows-after-the-moment"] > 0


@pytest.mark.slow
def test_an_import_that_is_interrupted_goes_on_and_doubles_nothing(
    desk: Mapping[str, str], tmp_path: Path
) -> None:
    log = first_incidents(tmp_path, MANY)
    words = ("import", log, "--mapping", MAPPING, "--json")

    with running(*words, settings=desk) as process:
        wait_until(lambda: _has_cases(desk))
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        stopped = json.loads(out)
    went_on = run(*words, settings=desk)

    assert (process.returncode, stopped["finished"]) == (130, False)
    assert 0 < stopped["cases"] < MANY
    report = json.loads(went_on.out)
    assert (went_on.status, report["finished"], report["cases"]) == (0, True, MANY)
    assert report["rows-taken-now"] == report["rows"] - stopped["rows"]
    assert f"{MANY:,} cases" in run("verify", settings=desk).out


def test_a_bad_log_is_said_and_nothing_is_imported(desk: Mapping[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("number\nINC1\n")
    shutil.copy(MAPPING, tmp_path)

    answer = run("import", log, "--mapping", tmp_path / "mapping.yaml", settings=desk)

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("log.csv:1: ")
    assert answer.err.endswith("\nNothing was imported.\n")


def test_a_bad_mapping_is_said_and_nothing_is_imported(
    desk: Mapping[str, str], tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING.read_text().replace("workflow: incident", "workflow: incidents"))

    log = EXAMPLE / "log" / "incident_event_log.csv.gz"
    answer = run("import", log, "--mapping", mapping, settings=desk)

    assert answer.status == 1
    assert "there is no workflow `incidents`" in answer.err
    assert answer.err.endswith("\nNothing was imported.\n")


def test_a_moment_that_is_no_time_is_said(desk: Mapping[str, str], tmp_path: Path) -> None:
    log = first_incidents(tmp_path, 1)

    answer = run("import", log, "--mapping", MAPPING, "--moment", "noon", settings=desk)

    words = "`noon` is not a time. Write it such as `2016-05-04T11:00`.\n"
    assert (answer.status, answer.err) == (1, words)


def test_a_file_that_is_not_there_is_a_misuse(tmp_path: Path) -> None:
    answer = run("import", tmp_path / "no.csv", "--mapping", MAPPING)

    assert answer.status == 2
    assert "does not exist" in answer.err


def _has_cases(settings: Mapping[str, str]) -> bool:
    return not run("verify", settings=settings).out.startswith("0 cases")
