"""What single incidents come to: the commands of their rows, and what deviates."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kingpost.store.bulk import History
from tests.exchange.desk import NOW, done, replayed, rights, said

MACHINE = "Updated by 908"
FIRST: dict[str, str] = {}


def at(text: str, **more: str) -> dict[str, str]:
    return {"sys_updated_at": text, **more}


def test_an_ordinary_incident_is_carried_out_from_the_call_to_the_closing(tmp_path: Path) -> None:
    result = replayed(
        tmp_path,
        FIRST,
        at("29/2/2016 09:30", incident_state="Active", assigned_to="Resolver 3"),
        at("29/2/2016 10:00", incident_state="Awaiting User Info"),
        at("1/3/2016 10:00", incident_state="Active"),
        at("1/3/2016 11:00", incident_state="Resolved", u_priority_confirmation="true"),
        at("6/3/2016 11:00", incident_state="Closed", sys_updated_by=MACHINE),
    )

    assert done(result) == [
        "started",
        "completed triage",
        "raised work user-info-missing",
        "resolved work answered",
        "decided confirm-priority confirm",
        "completed work",
        "delivered confirmation closure-confirmed",
    ]
    assert (result.conforming, result.unchanged, result.deviating) == (6, 0, 0)
    assert result.case is not None
    assert result.case.state == "closed"
    assert result.case.fields["resolver"] == "Resolver 3"


def test_the_first_line_solves_without_passing_on(tmp_path: Path) -> None:
    result = replayed(tmp_path, FIRST, at("29/2/2016 09:30", incident_state="Resolved"))

    assert done(result) == ["started", "completed triage"]
    assert result.case is not None
    assert result.case.state == "resolved"
    assert result.case.fields["first-line"] is True


def test_what_was_solved_on_the_telephone_begins_as_solved(tmp_path: Path) -> None:
    result = replayed(tmp_path, {"incident_state": "Resolved", "sys_updated_by": MACHINE})

    assert done(result) == ["started"]
    assert result.case is not None
    assert result.case.state == "resolved"
    assert (result.conforming, result.unchanged, result.deviating) == (1, 0, 0)


def test_nothing_of_the_future_is_told_before_its_time(tmp_path: Path) -> None:
    result = replayed(tmp_path, FIRST, at("29/2/2016 09:30", incident_state="Active"))

    assert result.case is not None
    assert "closing-code" not in result.case.fields


def test_a_row_that_says_nothing_new_is_unchanged(tmp_path: Path) -> None:
    result = replayed(tmp_path, FIRST, at("29/2/2016 09:30"), at("29/2/2016 09:40"))

    assert (result.conforming, result.unchanged, result.deviating) == (1, 2, 0)


def test_fields_that_change_without_the_state_are_recorded_where_the_case_stands(
    tmp_path: Path,
) -> None:
    result = replayed(
        tmp_path,
        at("29/2/2016 09:00"),
        at("29/2/2016 09:10", assignment_group="Group 24"),
        at("29/2/2016 09:20", incident_state="Awaiting Vendor", sys_updated_by="Updated by 44"),
        at("29/2/2016 09:30", vendor="Vendor 1"),
        at("29/2/2016 09:40", incident_state="Resolved"),
        at("29/2/2016 09:50", problem_id="Problem ID  2"),
    )

    assert done(result) == [
        "started",
        "recorded triage",
        "raised triage vendor-needed",
        "recorded triage",
        "resolved triage solved",
        "recorded confirmation",
    ]
    assert result.case is not None
    assert result.case.fields["problem"] == "Problem ID  2"


def test_one_wait_turns_into_another_and_the_step_goes_on_where_it_was(tmp_path: Path) -> None:
    result = replayed(
        tmp_path,
        FIRST,
        at("29/2/2016 09:10", incident_state="Awaiting User Info"),
        at("29/2/2016 09:20", incident_state="Awaiting Problem"),
        at("29/2/2016 09:30", incident_state="Active"),
    )

    assert done(result) == [
        "started",
        "raised triage user-info-missing",
        "raised triage problem-open",
        "resolved triage answered",
        "completed triage",
    ]
    assert result.conforming == 4


def test_another_impact_is_decided_before_the_priority_is_confirmed(tmp_path: Path) -> None:
    result = replayed(
        tmp_path,
        FIRST,
        at("29/2/2016 09:10", urgency="1 - High", u_priority_confirmation="true"),
    )

    assert done(result) == [
        "started",
        "decided confirm-priority change",
        "decided confirm-priority confirm",
    ]
    assert result.case is not None
    assert result.case.fields["priority"] == "high"


def test_a_caller_who_disagrees_sends_the_incident_back(tmp_path: Path) -> None:
    result = replayed(
        tmp_path,
        FIRST,
        at("29/2/2016 09:10", incident_state="Active"),
        at("29/2/2016 09:20", incident_state="Resolved"),
        at("29/2/2016 10:20", incident_state="Awaiting User Info", assigned_to="Resolver 9"),
        at("29/2/2016 11:20", incident_state="Resolved"),
    )

    assert done(result)[3:] == [
        "delivered confirmation caller-disagrees",
        "raised rework user-info-missing",
        "resolved rework solved",
    ]
    assert result.deviating == 0


def test_a_wait_ends_at_its_limit_and_the_log_that_closes_later_says_nothing_new(
    tmp_path: Path,
) -> None:
    result = replayed(
        tmp_path,
        FIRST,
        at("29/2/2016 09:10", incident_state="Resolved"),
        at("8/5/2016 09:10", incident_state="Closed", sys_updated_by=MACHINE),
    )

    assert done(result)[-1] == "expired confirmation"
    assert result.case is not None
    assert result.case.closed_at == datetime(2016, 3, 30, 9, 10, tzinfo=UTC)
    assert (result.conforming, result.unchanged, result.deviating) == (2, 1, 0)


def test_a_wait_at_whose_limit_the_chosen_moment_lies_has_ended(tmp_path: Path) -> None:
    limit = datetime(2016, 3, 30, 9, 10, tzinfo=UTC)
    changes = (FIRST, at("29/2/2016 09:10", incident_state="Resolved"))

    ended = replayed(tmp_path, *changes, until=limit)
    waiting = replayed(tmp_path, *changes, until=limit.replace(minute=9))

    assert ended.case is not None
    assert ended.case.closed_at == limit
    assert waiting.case is not None
    assert waiting.case.closed_at is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            (FIRST, at("29/2/2016 09:10", incident_state="-100")),
            ["3 unknown-state: the log shows `-100`, which the mapping does not know"],
        ),
        (
            (FIRST, at("29/2/2016 09:10", incident_state="Closed")),
            ["3 no-way: no way leads from `triage` to `Closed`"],
        ),
        (
            (
                FIRST,
                at("29/2/2016 09:05", incident_state="Awaiting Vendor"),
                at("29/2/2016 09:10", incident_state="Closed"),
            ),
            ["4 no-way: no way leads from `triage` in `vendor-needed` to `Closed`"],
        ),
        (
            (
                FIRST,
                at("29/2/2016 09:05", incident_state="Active", assignment_group="Group 24"),
                at("29/2/2016 09:10", incident_state="Resolved"),
            ),
            [
                (
                    "4 not-your-post: `work` needs the role `resolver` and is addressed "
                    "to `group-24`: "
                    "`group-24`, `duty-officer` may"
                )
            ],
        ),
        (
            (FIRST, at("29/2/2016 09:10", incident_state="Active", sys_updated_by=MACHINE)),
            [
                (
                    "3 not-your-post: `triage` needs the role `dispatcher` and is addressed to "
                    "`group-70`: `group-70`, `duty-officer` may"
                )
            ],
        ),
        (
            ({"impact": "1 - High"}, at("29/2/2016 09:10", u_priority_confirmation="true")),
            [
                (
                    "3 outside-authority: `group-70` may take `confirm` in "
                    "`confirm-priority` only when "
                    '`incident.impact != "high"`; `incident-manager` may'
                )
            ],
        ),
        (
            (
                FIRST,
                at("29/2/2016 09:10", incident_state="Resolved"),
                at("29/2/2016 09:20", u_priority_confirmation="true"),
            ),
            [
                (
                    "4 not-open: `confirm-priority`: this work is no longer open: "
                    "somebody finished it, "
                    "or the case moved on"
                )
            ],
        ),
        (
            (
                FIRST,
                at("29/2/2016 09:05", incident_state="Active"),
                at("29/2/2016 09:10", incident_state="Resolved", closed_code="?"),
            ),
            ["4 fields-missing: `work` needs `closing-code`"],
        ),
        (
            (
                FIRST,
                at("29/2/2016 09:10", incident_state="Resolved"),
                at("29/2/2016 09:20", incident_state="Closed"),
                at("29/2/2016 09:30", incident_state="Active"),
            ),
            [
                (
                    "5 after-closing: case INC1 was closed on 29 February 2016 at 09:20 UTC, "
                    "and the log goes on"
                )
            ],
        ),
        (
            (FIRST, at("29/2/2016 08:10", incident_state="Active")),
            ["3 time-runs-back: the row is earlier than what happened before it; taken as 09:00"],
        ),
        (
            ({"impact": "5 - Odd"}, at("29/2/2016 09:10")),
            [
                (
                    "2 field-not-fitting: `impact` expects one of `high`, `medium`, `low`, "
                    "got `5 - Odd`"
                ),
                "3 not-started: the case of the row could not begin",
            ],
        ),
    ],
)
def test_what_the_model_does_not_allow_is_kept_with_its_reason(
    changes: tuple[Mapping[str, str], ...], expected: list[str], tmp_path: Path
) -> None:
    result = replayed(tmp_path, *changes)

    assert said(result) == expected
    assert result.deviating == len({item.split()[0] for item in expected})


def test_the_other_commands_of_a_row_go_on_when_one_is_refused(tmp_path: Path) -> None:
    result = replayed(
        tmp_path,
        {"impact": "1 - High"},
        at("29/2/2016 09:10", incident_state="Resolved", u_priority_confirmation="true"),
    )

    assert [item.kind for item in result.deviants] == ["outside-authority"]
    assert done(result)[-1] == "completed triage"
    assert result.deviating == 1


def test_a_row_is_mapped_from_where_the_case_stands_and_not_from_the_row_before(
    tmp_path: Path,
) -> None:
    result = replayed(
        tmp_path,
        {"incident_state": "Active", "sys_updated_by": MACHINE},
        at("29/2/2016 09:10", sys_updated_by="Updated by 12"),
    )

    assert [item.kind for item in result.deviants] == ["not-your-post"]
    assert done(result) == ["started", "completed triage"]


def test_a_case_begins_at_the_earlier_of_its_opening_and_its_first_row(tmp_path: Path) -> None:
    early = replayed(tmp_path, at("29/2/2016 08:00"))
    late = replayed(tmp_path, at("29/2/2016 09:40"))

    assert early.case is not None
    assert early.case.started_at == datetime(2016, 2, 29, 8, tzinfo=UTC)
    assert late.case is not None
    assert late.case.started_at == datetime(2016, 2, 29, 9, tzinfo=UTC)


def test_every_event_says_that_it_was_imported_and_when(tmp_path: Path) -> None:
    result = replayed(tmp_path, FIRST)
    (_, started), *_ = result.transitions

    assert b'"origin":"import"' in started.link.header
    assert b'"recorded":"2026-11-18T11:00:00.000000Z"' in started.link.header
    assert b"Caller 1" not in started.link.body
    assert result.case is not None
    assert History(result.case, result.transitions, NOW).case is result.case


def test_nobody_holds_a_post_before_the_appointment_or_after_it() -> None:
    kept = rights()

    assert kept.held("updated-by-12", datetime(2015, 1, 1, tzinfo=UTC)) == ()
    assert [item.post for item in kept.held("updated-by-12", NOW)] == ["employee", "group-70"]
    assert "group-24" in kept.vacant(NOW)
    assert "group-70" not in kept.vacant(NOW)
