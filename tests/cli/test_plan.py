"""`kingpost plan`: what a change would do to the company that runs, before it is done."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from kingpost.store.pool import Database as Pool
from tests.cli.program import Answer, run, settings_of
from tests.database import Database
from tests.engine.office import Office

# The test's company, with the due times that the check asks for.
COMPANY = (
    (Path(__file__).parents[1] / "engine" / "company.yaml")
    .read_text()
    .replace("role: checker\n", "role: checker\n                  due: 4 days\n")
    .replace("role: approver\n", "role: approver\n        due: 4 days\n")
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A company with two claims at examining, and one that waits for its approval."""

    settings: Mapping[str, str]
    folder: Path
    version: str

    def plan(self, changes: Mapping[str, str], *words: str) -> Answer:
        text = COMPANY
        for old, new in changes.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (self.folder / "company.yaml").write_text(text)
        return run("plan", self.folder, *words, settings=self.settings)


@pytest.fixture
def planned(database: Database, tmp_path: Path) -> Iterator[Planned]:
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, text=COMPANY)
        office.start()
        office.start()
        office.examined()
        yield Planned(settings_of(database), tmp_path, office.company.active().version[:8])


def test_a_change_is_told_with_what_it_touches_and_who_must_agree(planned: Planned) -> None:
    answer = planned.plan({"due: 2 days": "due: 1 day"})

    assert answer.status == 0, answer.out + answer.err
    assert (
        answer.out
        == f"""\
workflow/claim  Claim
  ~ step `examine` is due 1 day sooner: within 1 day instead of 2 days
1 difference in 1 element.

What it touches
  3 live cases
    claim on {planned.version} at examine, handling, suspect: 2, which it touches
    claim on {planned.version} at approve: 1
  open work
    workflow/claim/step/examine: 2
  post, held by
    post/desk: 2
  obligation, owed by live cases
    obligation/report-kept: 2
  objectives, promises and measures
    metric/claim-time
    metric/examined-in-time
    objective/trust
    value-stream/claims

Who must agree
  `head`, which keeps workflow/claim

Gates
  the check finds no error
  there are no scenarios
"""
    )


def test_what_it_touches_is_told_as_json(planned: Planned) -> None:
    answer = planned.plan({"title: Team lead\n": "title: Leader\n"}, "--json")

    told = json.loads(answer.out)
    assert [item["address"] for item in told["differences"]] == ["post/lead"]
    assert told["agree"] == {"head": ["post/lead"]}
    posts = told["touches"]["posts"]
    assert {"address": "post/lead", "number": 1} in posts
    assert told["scenarios"] == {"number": 0, "failed": []}


def test_the_same_files_change_nothing(planned: Planned) -> None:
    answer = planned.plan({})

    assert (answer.status, answer.out) == (
        0,
        "Both mean the same.\n\nGates\n  the check finds no error\n  there are no scenarios\n",
    )


def test_an_unsound_model_is_not_planned(planned: Planned) -> None:
    answer = planned.plan({"to: {post: lead}": "to: {post: leed}"})

    assert answer.status == 1
    assert "leed" in answer.out
    assert "What it touches" not in answer.out


def test_a_scenario_that_fails_is_told_and_in_the_status(planned: Planned) -> None:
    story = (
        "scenarios:\n"
        "  quick:\n"
        "    given: {claim: {claimant: Rita, amount: 200}, post: desk}\n"
        "    when: []\n"
        "    then: {state: paid}\n"
    )
    answer = planned.plan({"workflows:\n": story + "workflows:\n"})

    assert answer.status == 1
    assert answer.out.endswith("  1 scenario, 1 failed: quick\n"), answer.out
