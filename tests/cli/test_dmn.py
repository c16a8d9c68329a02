"""`kingpost dmn`: what of a file is run, an answer explained, a file in another version."""

import json
from pathlib import Path

import pytest

from kingpost.exchange.dmn.reading import read_dmn
from kingpost.exchange.dmn.versions import Version
from tests.cli.program import EXAMPLE, copy_of, run
from tests.exchange.dmn.files import BODY, NEWER, dmn

ADA = '{"Applicant": {"age": 65, "grades": ["B"]}}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "loans.dmn"
    path.write_bytes(dmn(BODY))
    return path


def test_check_tells_what_became_of_each_element(file: Path) -> None:
    answer = run("dmn", "check", file)

    assert answer.status == 0
    assert answer.out == (
        "4:3 executed itemDefinition `tGrade`\n"
        "8:3 executed itemDefinition `tApplicant`\n"
        "12:3 executed itemDefinition `tAmounts`\n"
        "13:3 executed inputData `Applicant`\n"
        "16:3 approximated knowledgeSource `The law`\n"
        "    it is kept, and nothing is run\n"
        "19:3 executed businessKnowledgeModel `Years left`\n"
        "26:3 executed decision `Limit`\n"
        "53:3 executed decision `All`\n"
        "74:3 executed decisionService `Lending`\n"
        "9 elements: 8 executed, 1 approximated, 0 refused.\n"
    )


def test_check_fails_where_something_is_refused_and_names_the_place(tmp_path: Path) -> None:
    file = tmp_path / "a.dmn"
    file.write_bytes(
        dmn(
            '  <decision id="d" name="d">\n'
            "    <literalExpression><text>1 +</text></literalExpression></decision>\n"
        )
    )

    answer = run("dmn", "check", file, "--json")

    assert answer.status == 1
    assert [(one["kind"], one["line"], one["why"]) for one in json.loads(answer.out)] == [
        ("decision", 3, "what is refused in it is null"),
        ("decision `d`", 4, "expected a value, found the end"),
    ]


def test_run_explains_an_answer(file: Path) -> None:
    answer = run("dmn", "run", file, "Limit", "--inputs", ADA)

    assert answer.status == 0
    assert answer.out == (
        "decision `Limit` = [100]\n"
        '    Applicant: {"age": 65, "grades": ["B"]}; Years left: "function(age)"\n'
        "  decision `Limit` = [100]\n"
        "      rows tried: 2; matched: 2; fired: 2\n"
        '      Years: 5; Applicant.grades[1]: "B"\n'
    )


def test_run_reads_its_inputs_from_a_file_and_prints_json(file: Path, tmp_path: Path) -> None:
    inputs = tmp_path / "ada.json"
    inputs.write_text('{"Applicant": {"age": 65.5, "grades": ["Z"]}}')

    answer = json.loads(run("dmn", "run", file, "Lending", "-i", f"@{inputs}", "--json").out)

    assert answer["value"] == [100]
    assert answer["warnings"][0] == {
        "where": "input `Applicant`",
        "line": 13,
        "column": 3,
        "message": 'the value does not pass `"A", "B", "C"`',
    }
    assert answer["steps"][0]["name"] == "service `Lending`"


def test_dates_are_read_by_the_type_of_the_input(tmp_path: Path) -> None:
    file = tmp_path / "a.dmn"
    file.write_bytes(
        dmn("""\
  <inputData id="a" name="day"><variable name="day" typeRef="date"/></inputData>
  <decision id="d" name="d"><variable name="d"/>
    <informationRequirement><requiredInput href="#a"/></informationRequirement>
    <literalExpression><text>[day + duration("P1D"), duration("P1M"), 1/3, day &gt; day, [1..2)]
    </text></literalExpression></decision>
""")
    )

    answer = run("dmn", "run", file, "--inputs", '{"day": "2026-02-28"}', "--json")

    assert json.loads(answer.out)["value"] == [
        "2026-03-01",
        "P1M",
        "0.3333333333333333333333333333333333",
        False,
        "[1..2)",
    ]


def test_models_that_are_imported_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "loans.dmn").write_bytes(dmn(BODY))
    (tmp_path / "broken.dmn").write_bytes(b"<")
    near = dmn("""\
  <import name="lib" namespace="https://example.test/loans"
    importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
  <decision id="d" name="d"><variable name="d"/>
    <knowledgeRequirement>
      <requiredKnowledge href="https://example.test/loans#years"/></knowledgeRequirement>
    <literalExpression><text>lib.Years left(30)</text></literalExpression></decision>
""").replace(b'namespace="https://example.test/loans">', b'namespace="https://example.test/near">')
    (tmp_path / "near.dmn").write_bytes(near)

    answer = run("dmn", "run", tmp_path / "near.dmn", "d", "--json")

    assert json.loads(answer.out)["value"] == 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the file has 3 decisions. Name one of `Limit`, `All`, `Lending`.\n"),
        (["Limitt"], "the file has no decision `Limitt`. Write `Limit`.\n"),
        (
            ["Limit", "-i", "{"],
            (
                "the inputs are not JSON: Expecting property name enclosed in double quotes: "
                'line 1 column 2 (char 1). Write `{"name": 1}`.\n'
            ),
        ),
        (["Limit", "-i", "[]"], 'the inputs are not by name. Write `{"name": 1}`.\n'),
        (
            ["Limit", "-i", '{"Applicnt": 1}'],
            "`Applicnt` is no input of `Limit`. Write `Applicant`.\n",
        ),
    ],
)
def test_run_says_what_it_cannot_do(file: Path, arguments: list[str], message: str) -> None:
    answer = run("dmn", "run", file, *arguments)

    assert (answer.status, answer.err) == (1, message)


def test_convert_writes_another_version_and_tells_what_it_cannot_say(tmp_path: Path) -> None:
    file, output = tmp_path / "new.dmn", tmp_path / "old.dmn"
    file.write_bytes(dmn(NEWER))

    answer = run("dmn", "convert", file, "--to", "1.3", "--output", output)

    assert answer.status == 0
    assert answer.out.endswith(
        f"5 elements: 0 executed, 3 approximated, 2 refused.\nWrote {output}.\n"
    )
    assert read_dmn(output.read_bytes(), "old.dmn").version is Version.V1_3


def test_convert_writes_over_nothing_and_no_older_than_it_can(file: Path, tmp_path: Path) -> None:
    over = run("dmn", "convert", file, "-o", file)
    older = run("dmn", "convert", file, "--to", "1.1", "-o", tmp_path / "b.dmn")

    assert over.err == f"`{file}` exists already. Name another file, or add `--force`.\n"
    assert older.err == "DMN 1.1 is read and not written. Name 1.2 or later.\n"


def test_export_writes_the_rules_of_a_model_and_tells_what_has_no_form(tmp_path: Path) -> None:
    output = tmp_path / "desk.dmn"

    answer = run("dmn", "export", EXAMPLE, "--output", output)

    assert answer.status == 0
    assert answer.out == (
        "executed object `incident` → inputData incident\n"
        "executed rule `Priority from impact and urgency` → decision\n"
        f"2 elements: 2 executed, 0 approximated, 0 refused.\nWrote {output}.\n"
    )
    assert run("dmn", "check", output).status == 0


def test_export_says_what_is_wrong_with_a_model_and_writes_nothing(tmp_path: Path) -> None:
    output = tmp_path / "desk.dmn"

    answer = run("dmn", "export", copy_of(EXAMPLE, tmp_path / "copy", fault=True), "-o", output)

    assert answer.status == 1
    assert "1 error, 0 warnings." in answer.out
    assert not output.exists()


@pytest.mark.parametrize("name", ["How much?", "how  much?", "limit", "LIMIT"])
def test_run_takes_a_label_or_an_id_in_any_case(tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.dmn"
    file.write_bytes(dmn(BODY.replace('name="Limit">', 'name="Limit" label="How much?">', 1)))

    assert json.loads(run("dmn", "run", file, name, "-i", ADA, "--json").out)["value"] == [100]


def test_run_offers_the_nearest_label_and_asks_which_of_two(tmp_path: Path) -> None:
    file = tmp_path / "a.dmn"
    body = BODY.replace('name="Limit">', 'name="Limit" label="How much?">', 1)
    file.write_bytes(dmn(body))
    near = run("dmn", "run", file, "How mcuh?")
    file.write_bytes(dmn(body.replace('name="All">', 'name="All" label="how much?">', 1)))
    twice = run("dmn", "run", file, "How much?")

    assert near.err == "the file has no decision `How mcuh?`. Write `How much?`.\n"
    assert twice.err == "2 decisions are called `How much?`. Name one of `Limit`, `All`.\n"


def test_import_drafts_rules_and_a_company_that_can_be_checked(tmp_path: Path) -> None:
    file = tmp_path / "Loan rules.dmn"
    file.write_bytes(dmn(BODY))

    answer = run("dmn", "import", file, "--output", tmp_path / "draft")

    assert (
        answer.out
        == (
            "4:3 executed itemDefinition `tGrade` → the types of fields and answers\n"
            "8:3 executed itemDefinition `tApplicant` → the types of fields and answers\n"
            "12:3 executed itemDefinition `tAmounts` → the types of fields and answers\n"
            "13:3 executed inputData `Applicant` → object/loans/field/applicant\n"
            "16:3 refused knowledgeSource `The law`\n"
            "    rules name no sources. Write it in the description of the rules.\n"
            "19:3 executed businessKnowledgeModel `Years left` → rule/years-left\n"
            "26:3 approximated decision `Limit` → rule/limit\n"
            "    its default is left out; "
            "where no row matches it answers an empty list, and not null\n"
            "53:3 executed decision `All` → rule/all-2\n"
            "74:3 executed decisionService `Lending` → rule/lending\n"
            "9 elements: 7 executed, 1 approximated, 1 refused.\n"
            f"Wrote {tmp_path}/draft/loan-rules.yaml.\n"
            f"Wrote {tmp_path}/draft/company.yaml.\n"
        )
        + answer.out[answer.out.index("loan-rules.yaml:3:3: warning") :]
    )
    assert "0 errors, " in answer.out
    assert run("check", tmp_path / "draft").status == 0


def test_a_draft_is_exported_checked_and_answers_the_same(tmp_path: Path) -> None:
    file, again = tmp_path / "loans.dmn", tmp_path / "again.dmn"
    file.write_bytes(dmn(BODY))
    run("dmn", "import", file, "-o", tmp_path / "draft")

    exported = run("dmn", "export", tmp_path / "draft", "-o", again)
    given = '{"loans": {"applicant": {"age": 65, "grades": ["B"]}, "state": "open"}}'
    answer = run("dmn", "run", again, "Limit", "-i", given, "--json")

    assert exported.status == 0
    assert run("dmn", "check", again).status == 0
    assert json.loads(answer.out)["value"] == [100]


def test_import_writes_over_nothing_and_leaves_a_company_alone(file: Path, tmp_path: Path) -> None:
    folder = copy_of(EXAMPLE, tmp_path / "desk")

    written = json.loads(run("dmn", "import", file, "-o", folder, "--json").out)
    (folder / "loans.yaml").write_text("# mine\n")
    refused = run("dmn", "import", file, "-o", folder)

    assert written["written"] == [f"{folder}/loans.yaml"]
    assert len(written["elements"]) == 9
    assert not (folder / "company.yaml").exists()
    assert (refused.status, refused.err) == (
        1,
        f"`{folder}/loans.yaml` exists already. Name another folder, or add `--force`.\n",
    )
    assert (folder / "loans.yaml").read_text() == "# mine\n"


BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
MODEL = b"https://www.omg.org/spec/DMN/20230324/MODEL/"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.dmn:1:1: the file is not XML: no element found. Export it again.\n"),
        (b"rules", "a.dmn:1:1: the file is not XML: syntax error. Export it again.\n"),
        (BOMB, "a.dmn:1:13: the file declares a document type. Remove it from the file.\n"),
        (
            b"<bpmn/>",
            "a.dmn:1:1: `bpmn` does not begin a DMN file. Give a file of DMN 1.1 to 1.6.\n",
        ),
        (
            b'<definitions xmlns="https://example.test/dmn-9"/>',
            (
                "a.dmn:1:1: `definitions` of `https://example.test/dmn-9` does not begin a DMN"
                " file. Give a file of DMN 1.1 to 1.6.\n"
            ),
        ),
    ],
)
def test_import_refuses_what_is_no_dmn_and_writes_nothing(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "a.dmn"
    file.write_bytes(content)

    answer = run("dmn", "import", file, "-o", tmp_path / "draft")

    assert (answer.status, answer.err) == (1, message)
    assert not (tmp_path / "draft").exists()


def test_import_tells_of_a_model_that_is_not_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "near.dmn"
    file.write_bytes(
        dmn(
            '  <import name="lib" namespace="https://example.test/far" importType="'
            + MODEL.decode()
            + '"/>\n'
            '  <decision id="d" name="d"><variable name="d"/><informationRequirement>\n'
            '    <requiredDecision href="https://example.test/far#x"/></informationRequirement>\n'
            "    <literalExpression><text>lib.x + 1</text></literalExpression></decision>\n"
        )
    )

    answer = run("dmn", "import", file, "-o", tmp_path / "draft")

    assert answer.out == (
        "3:3 refused model `Loans`\n"
        "    the model `https://example.test/far` is imported and is not at hand. Read it together"
        " with this one.\n"
        "4:3 refused decision `d`\n"
        "    it needs the decision `https://example.test/far#x`, which does not exist. Name an"
        " element of the model.\n"
        "2 elements: 0 executed, 0 approximated, 2 refused.\n"
    )
    assert (answer.status, answer.err) == (
        1,
        "nothing of the file can be taken over, so no draft was written.\n",
    )
    assert not (tmp_path / "draft").exists()
