"""What a holder of a post reads, and how it opens into what it counts."""

import hashlib

import pytest

from kingpost.decisions.commands import Complete
from kingpost.exchange.imports import run_import
from kingpost.exchange.replay.plan import plan_import
from kingpost.proof.canonical import canonical
from kingpost.store.pool import Database as Pool
from tests.api.front import Front, clock
from tests.database import Database
from tests.engine.office import Office
from tests.exchange.desk import MAPPING, SEED, rows, running_desk, write_log


def test_the_case_page_tells_data_history_and_line(front: Front) -> None:
    case = front.office.case(front.office.approved())

    page = front.get(f"/cases/{case.number}")

    assert (page["state"], page["closed_at"]) == ("settled", None)
    assert [event["kind"] for event in page["events"]] == [
        "started",
        "completed",
        "decided",
        "decided",
    ]
    assert page["chain"]["fault"] is None
    assert page["trace"]


def test_cases_are_found_and_counted(front: Front) -> None:
    front.office.start()
    front.office.approved()

    assert front.get("/cases")["page"]["total"] == 2
    assert front.get("/cases?step=payment&is_open=true")["page"]["total"] == 1
    assert front.get("/cases?overdue=true")["page"]["total"] == 0


def test_the_process_says_what_stands_where(front: Front) -> None:
    front.office.start()

    process = front.get("/processes/claim")
    (card,) = front.get("/processes?window=7d")["cards"]

    assert (card["workflow"], card["in_flight"]) == ("claim", 1)
    assert process["card"]["title"] == card["title"]
    assert {node["id"]: node["now"] for node in process["nodes"]}["examine"] == 1


def test_an_objective_opens_into_its_metric_and_the_metric_into_its_cases(front: Front) -> None:
    case = front.office.start()
    front.office.do(Complete(front.office.task(case, "examine"), {"report": "fine"}), "anna")

    objectives = front.get("/objectives")
    metric = front.get("/metrics/examined-in-time")

    assert "trust" in str(objectives)
    assert metric["cases"]["total"] == 1


def test_an_obligation_opens_into_its_evidence(front: Front) -> None:
    case = front.office.start()
    front.office.do(Complete(front.office.task(case, "examine"), {"report": "fine"}), "anna")

    board = front.get("/obligations")
    obligation = front.get("/obligations/report-kept")

    assert "report-kept" in str(board)
    assert front.office.case(case).number in str(obligation)


def test_the_organisation_is_held_by_people(front: Front) -> None:
    now = front.get("/organisation")
    before = front.get("/organisation?at=2019-01-01T00:00:00Z")
    post = front.get("/organisation/posts/lead")
    person = front.get("/organisation/people/leo")
    found = front.get("/organisation/people?text=LEO")

    assert (now["holders"], now["vacant"]) == (5, [])
    assert before["holders"] == 0
    assert [item["person"] for item in post["appointments"]] == ["leo"]
    assert [item["post"] for item in person["now"]] == ["lead"]
    assert found["rows"] == [{"id": "leo", "name": "Leo", "posts": ["lead"], "is_agent": False}]


def test_the_content_of_a_version_is_what_its_digest_says(front: Front) -> None:
    (version,) = front.get("/model/versions")

    content = front.get(f"/model/versions/{version['digest']}")

    assert hashlib.sha256(canonical(content)).hexdigest() == version["digest"]


def test_who_may_begin_what_is_told_with_the_form(front: Front) -> None:
    (anna,), (leo,) = front.get("/workflows", "anna"), front.get("/workflows", "leo")

    assert (anna["workflow"], anna["may_begin"], leo["may_begin"]) == ("claim", True, False)
    assert [field["id"] for field in anna["form"]] == ["claimant", "amount"]


@pytest.mark.slow
def test_what_an_import_deviates_in_is_listed(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("log")
    stray = {"sys_updated_at": "29/2/2016 09:30", "incident_state": "Closed"}
    log = write_log(folder / "log.csv", rows({}, stray))
    with running_desk(database) as company:
        with plan_import(log, MAPPING, company.active()) as plan:
            run_import(company.database, plan, now=clock(), seed=SEED)
        front = Front.opened(Office(company))

        (run,) = front.get("/imports", "updated-by-44")
        found = front.get(f"/imports/{run['id']}/deviations", "updated-by-44")
        none = front.get(f"/imports/{run['id']}/deviations?kind=other", "updated-by-44")

    assert (run["source"], run["done"], run["deviations"]) == ("log.csv", 1, 1)
    assert [item["line"] for item in found["page"]["rows"]] == [3]
    assert none["page"]["rows"] == []


def test_pages_are_numbered(database: Database) -> None:
    with Pool(database.app_url, connections=2) as pool:
        front = Front.opened(Office.opened(pool))
        for _ in range(3):
            front.office.start()

        second = front.get("/cases?page=2")

    assert (second["page"]["number"], second["page"]["rows"]) == (2, [])
