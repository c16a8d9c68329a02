"""Obligations of a case: owed, met, late, missing, lifted; once each."""

from dataclasses import replace

from kingpost.decisions.commands import Complete, Decide, Deliver, Record, Start
from kingpost.decisions.transition import DutyNews
from tests.decisions.world import ANNA, BANK, DAY, HEDY, LEO, MONDAY, PORTAL, Desk, started

DUE = MONDAY + 3 * DAY


def at_examine(amount: str = "2000") -> Desk:
    desk = started(amount=amount)
    desk.do(Complete(desk.id("intake")), ANNA)
    return desk


def at_approve(amount: str = "2000") -> Desk:
    desk = at_examine(amount)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    return desk


def news_of(desk: Desk) -> tuple[DutyNews, ...]:
    return desk.history[-1].duties


def test_what_applies_is_owed_from_the_start() -> None:
    desk = started(amount="2000")

    assert desk.case.owed == {"report-kept": None, "high-approved": DUE}
    assert news_of(desk) == (
        DutyNews("high-approved", "owed", DUE),
        DutyNews("report-kept", "owed", None),
    )


def test_what_does_not_apply_is_not_owed() -> None:
    assert started(amount="20").case.owed == {"report-kept": None}


def test_an_obligation_without_a_condition_is_owed_even_when_the_form_is_almost_empty() -> None:
    desk = Desk()

    desk.do(Start({"claimant": "Ines", "amount": "1"}), PORTAL)

    assert "report-kept" in desk.case.owed


def test_evidence_in_time_meets_an_obligation() -> None:
    desk = at_approve()
    assert desk.history[-1].link.header.count(b'"obligations":["report-kept"]') == 1

    desk.do(Decide(desk.id("approve"), "approve"), HEDY)

    assert desk.case.settled == {"report-kept": "met", "high-approved": "met"}
    assert desk.case.owed == {}
    assert news_of(desk) == (DutyNews("high-approved", "met", DUE),)


def test_evidence_after_the_time_is_late() -> None:
    desk = at_approve()
    desk.pass_time(3 * DAY)
    in_time = desk.try_(Decide(desk.id("approve"), "approve"), HEDY)
    assert getattr(in_time, "duties", None) == (DutyNews("high-approved", "met", DUE),)
    desk.pass_time(DAY)

    desk.do(Decide(desk.id("approve"), "approve"), HEDY)

    assert desk.case.settled["high-approved"] == "late"


def test_an_obligation_is_met_once_and_the_evidence_is_tagged_each_time() -> None:
    desk = at_approve()
    desk.do(Decide(desk.id("approve"), "send-back", {"report": "thin"}, "thin"), HEDY)
    desk.pass_time(9 * DAY)
    desk.do(Complete(desk.id("rework")), ANNA)

    again = desk.do(Decide(desk.id("approve"), "approve"), HEDY)

    assert again.body["discharged"] == ["high-approved"]
    assert desk.case.settled["high-approved"] == "met"
    assert again.duties == ()


def test_an_obligation_that_no_longer_applies_is_lifted_and_may_come_back() -> None:
    desk = at_examine()

    desk.do(Record(desk.id("examine"), {"level": "low"}), ANNA)
    assert desk.case.settled == {"high-approved": "lifted"}
    assert news_of(desk) == (DutyNews("high-approved", "lifted", DUE),)

    desk.do(Record(desk.id("examine"), {"level": "high"}), ANNA)
    assert desk.case.owed["high-approved"] == DUE
    assert desk.case.settled == {}


def test_a_lapse_is_not_undone_by_changing_the_record_afterwards() -> None:
    desk = at_examine()
    desk.pass_time(4 * DAY)

    desk.do(Record(desk.id("examine"), {"level": "low"}), ANNA)
    assert desk.case.owed["high-approved"] == DUE
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), HEDY)

    assert desk.case.settled["high-approved"] == "late"


def test_a_lapse_that_no_longer_applies_does_not_hold_the_work_up() -> None:
    desk = at_examine()
    desk.do(Complete(desk.id("examine"), {"report": "seen", "level": "high"}), ANNA)
    desk.pass_time(4 * DAY)
    lapsed = desk.case
    desk.case = replace(lapsed, fields={**lapsed.fields, "level": "low"})
    emptied = dict(desk.case.fields)
    del emptied["amount"]
    desk.case = replace(desk.case, fields=emptied)

    rejected = desk.do(Decide(desk.id("approve"), "reject", reason="no cover"), HEDY)

    assert "discharged" not in rejected.body
    assert desk.case.settled["high-approved"] == "missing"


def test_evidence_may_come_with_the_act_that_makes_it_owed() -> None:
    desk = at_approve(amount="20")
    assert "high-approved" not in desk.case.owed
    desk.case = replace(desk.case, fields={**desk.case.fields, "level": "high"})

    desk.do(Decide(desk.id("approve"), "approve"), HEDY)

    assert desk.case.settled["high-approved"] == "met"
    assert news_of(desk)[0] == DutyNews("high-approved", "met", DUE)


def test_what_is_owed_when_the_case_ends_is_missing() -> None:
    desk = started(amount="20")
    desk.do(Complete(desk.id("intake"), {"urgent": True}), ANNA)
    desk.do(Decide(desk.id("approve"), "approve"), LEO)

    desk.do(Deliver(desk.id("payment"), "paid-out"), BANK)

    assert desk.case.settled == {"report-kept": "missing"}
    assert desk.case.owed == {}
    assert news_of(desk) == (DutyNews("report-kept", "missing", None),)
