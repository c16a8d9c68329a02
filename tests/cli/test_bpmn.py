"""`kingpost bpmn`: drafts from files, files from workflows."""

import json
from pathlib import Path

from tests.cli.program import EXAMPLE, copy_of, run
from tests.exchange.bpmn.drawings import drawn

PROCESS = drawn(
    """startEvent s
    serviceTask a Score it
    <task id="b" name="Judge"/>
    endEvent e Judged""",
    "s -> a\na -> b\nb -> e",
)


def test_a_file_becomes_a_company_that_can_be_checked(tmp_path: Path) -> None:
    file = tmp_path / "Credit check.bpmn"
    file.write_bytes(PROCESS)

    answer = run("bpmn", "import", file, "--output", tmp_path / "draft")

    assert (
        answer.out
        == (
            "4:1 executed startEvent `s`\n"
            "5:1 approximated serviceTask `Score it` → workflow/claim/step/score-it\n"
            "    which system it calls is not in the file, so somebody records what one did\n"
            "6:1 executed task `Judge` → workflow/claim/step/judge\n"
            "7:1 executed endEvent `Judged` → workflow/claim/step/judged\n"
            "4 elements: 3 executed, 1 approximated, 0 refused.\n"
            f"Wrote {tmp_path}/draft/credit-check.yaml.\n"
            f"Wrote {tmp_path}/draft/company.yaml.\n"
        )
        + answer.out[answer.out.index("0 errors") :]
    )
    assert run("check", tmp_path / "draft").status == 0


def test_an_earlier_draft_is_written_over_on_demand_only(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    file.write_bytes(PROCESS)
    folder = tmp_path / "draft"
    run("bpmn", "import", file, "-o", folder)
    (folder / "a.yaml").write_text("# mine\n")

    refused = run("bpmn", "import", file, "-o", folder)

    assert (refused.status, refused.err) == (
        1,
        f"`{folder}/a.yaml` exists already. Name another folder, or add `--force`.\n",
    )
    assert (folder / "a.yaml").read_text() == "# mine\n"
    assert run("bpmn", "import", file, "-o", folder, "--force").status == 0


def test_a_company_that_exists_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    file.write_bytes(PROCESS)
    folder = copy_of(EXAMPLE, tmp_path / "desk")

    written = json.loads(run("bpmn", "import", file, "-o", folder, "--json").out)["written"]

    assert written == [f"{folder}/a.yaml"]
    assert not (folder / "company.yaml").exists()


def test_a_file_that_is_no_bpmn_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    file.write_text("<a>")

    answer = run("bpmn", "import", file, "-o", tmp_path / "draft")

    assert (answer.status, answer.err) == (
        1,
        "a.bpmn:1:4: the file is not XML: no element found. Export it again.\n",
    )
    assert not (tmp_path / "draft").exists()


def test_a_workflow_is_written_with_a_report(tmp_path: Path) -> None:
    answer = run("bpmn", "export", EXAMPLE, "incident", "-o", tmp_path / "i.bpmn")

    assert answer.status == 0
    assert "17 elements: 1 executed, 11 approximated, 5 refused." in answer.out
    assert (tmp_path / "i.bpmn").read_text().startswith("<?xml")


def test_a_reason_that_many_elements_share_is_told_once(tmp_path: Path) -> None:
    answer = run("bpmn", "export", EXAMPLE, "incident", "-o", tmp_path / "i.bpmn")

    assert answer.out.splitlines()[-4:-2] == [
        "(1) its state, due time and obligations stand in its documentation",
        "(2) BPMN knows no step that is suspended",
    ]
    assert answer.out.count("its state, due time and obligations") == 1
    assert "approximated end `Closed` → endEvent (1)\n" in answer.out


def test_a_misspelt_workflow_is_offered_the_nearest(tmp_path: Path) -> None:
    answer = run("bpmn", "export", EXAMPLE, "incidnt", "-o", tmp_path / "i.bpmn")

    assert answer.status == 1
    assert answer.err == "the model has no workflow `incidnt`. Write `incident`.\n"
