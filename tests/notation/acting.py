"""Who carries out each property of the language: a test that fails when it is ignored.

A property stands here by `form.property`, or by its name alone where it means the same
everywhere; `form.*` speaks for a whole form. What is not carried out yet stands in
`kingpost.notation.later` instead.
"""

# ruff: noqa: E501 - the names of tests are as long as they are.

from collections.abc import Mapping

# Forms that are reached only through a property or a word that is not carried out yet.
TOLD = frozenset[str]()
# Properties that only interfaces have which are not carried out yet.
TOLD_PROPERTIES = frozenset(
    f"interface.{name}"
    for name in (
        "role", "workflow", "columns", "filter", "sections",
    )
)  # fmt: skip

_AUTHORITY, _FLOW = "decisions/test_authority.py::", "decisions/test_flow.py::"
_NEW, _DUTIES = "decisions/test_new_steps.py::", "decisions/test_duties.py::"
_READING, _RULES = "notation/test_reading.py::", "decisions/test_rules.py::"
_CLOCKS, _PAUSES = "decisions/test_clocks.py::", "decisions/test_suspensions.py::"
_NAMES = (
    "checks/test_references.py::test_an_unknown_name_is_reported_once_with_the_nearest_known_one"
)
_CALLS = "decisions/test_calls.py::"
_BESIDES = "decisions/test_besides.py::"
_LADDERS = "decisions/test_ladders.py::"
_RUNS = "decisions/test_runs.py::"
_OVERRIDES = "decisions/test_overrides.py::"
_OVERRIDDEN = "scenarios/test_overrides.py::test_a_story_goes_beyond_an_authority_and_is_reviewed"
_SECTIONS = _READING + "test_the_example_is_read"
_STORY = "scenarios/test_running.py::test_a_story_comes_out_as_it_is_told"
_STATES = "decisions/test_refusals.py::test_a_command_is_refused_with_the_first_reason_that_applies"

CONSUMERS: Mapping[str, str] = {
    "model.*": _SECTIONS,
    "model.currency": "checks/test_objects.py::test_money_is_in_a_currency",
    "title": "notation/test_whole.py::test_what_an_element_says_of_itself_is_told",
    "description": "notation/test_whole.py::test_what_an_element_says_of_itself_is_told",
    "was": "planning/test_difference.py::test_a_post_that_says_what_it_was_is_renamed",
    "calendar.*": _CLOCKS + "test_a_due_time_is_counted_in_the_hours_of_the_unit",
    "calendar.holidays": _READING + "test_a_calendar_has_hours_and_holidays",
    "calendar.country": "notation/test_holidays.py::test_nothing_is_open_on_the_public_holidays_of_a_country",
    "calendar.open-on": "notation/test_holidays.py::test_nothing_is_open_on_the_public_holidays_of_a_country",
    "calendar.timezone": _READING + "test_a_calendar_has_hours_and_holidays",
    "objective.owner": "queries/test_objectives.py::test_measures_are_computed_from_the_work",
    "objective.serves": "decisions/test_program.py::test_objectives_are_those_of_the_stream_and_all_above",
    "objective.horizon": "web/test_pages_words.py::test_an_objective_says_until_when_it_is_wanted",
    "objective.measures": "queries/test_objectives.py::test_measures_are_computed_from_the_work",
    "measure.*": "queries/test_objectives.py::test_measures_are_computed_from_the_work",
    "value-stream.*": "decisions/test_program.py::test_objectives_are_those_of_the_stream_and_all_above",
    "promise.*": "notation/test_whole.py::test_a_promise_takes_the_target_of_a_measure",
    "stage.*": "decisions/test_refusals.py::test_a_case_ends_only_as_its_stage_allows",
    "metric.*": _FLOW + "test_metrics_are_taken_down_as_things_end",
    "unit.*": _CLOCKS + "test_a_due_time_is_counted_in_the_hours_of_the_unit",
    "unit.part-of": "checks/test_organisation.py::test_units_that_are_part_of_themselves_are_found",
    "role.incompatible-with": "checks/test_organisation.py::test_a_post_does_not_carry_incompatible_roles",
    "post.*": _AUTHORITY + "test_a_superior_that_carries_the_role_acts_by_its_own_authority",
    "post.answered-for-by": "engine/test_agents.py"
    "::test_an_agent_does_nothing_while_nobody_answers_for_it",
    "post.seats": "checks/test_organisation.py::test_two_people_need_two_seats",
    "vacancy.*": _AUTHORITY
    + "test_a_vacant_post_falls_to_its_stand_in_with_its_authority_and_not_more",
    "grant.allowance": "scenarios/test_allowances.py::test_what_is_used_before_the_story_counts",
    "allowance.*": "scenarios/test_allowances.py::test_another_month_begins_anew_on_the_clocks_of_the_unit",
    "given.used": "scenarios/test_allowances.py::test_what_is_used_before_the_story_counts",
    "grant.*": _AUTHORITY + "test_the_right_must_cover_the_record_as_it_stands",
    "object.custodian": "engine/test_change.py::test_who_keeps_the_part_may_change_it",
    "object.*": "decisions/test_records.py::test_a_value_fits_its_field",
    "object.moves": _STATES,
    "field.*": "decisions/test_field_types.py::test_money_lists_and_groups_are_recorded_kept_and_routed_by",
    "field.class": "decisions/test_sealing.py::test_no_personal_value_stands_in_an_event",
    "field.required": "checks/test_steps.py::test_the_form_asks_for_what_a_record_requires",
    "entry.*": "decisions/test_field_types.py::test_money_lists_and_groups_are_recorded_kept_and_routed_by",
    "state.*": "decisions/test_refusals.py::test_a_record_must_satisfy_the_invariant_of_its_state",
    "rule.*": _RULES + "test_every_hit_policy_stores_what_it_answers",
    "rule.aggregation": _RULES + "test_collect_makes_one_number_of_several",
    "rule.parameters": _RULES + "test_a_service_and_a_function_are_called_by_name",
    "rule.entries": _RULES + "test_a_context_is_computed_entry_by_entry",
    "rule.answers": _RULES + "test_a_service_answers_several_rules_at_once",
    "rule.tests": "checks/test_rule_kinds.py::test_a_rule_answers_as_its_tests_say",
    "rule-test.*": "checks/test_rule_kinds.py::test_a_rule_answers_as_its_tests_say",
    "parameter.*": _RULES + "test_a_service_and_a_function_are_called_by_name",
    "input.*": "checks/test_rule_kinds.py::test_a_rule_earns_its_words",
    "output.*": _RULES + "test_a_default_answers_when_no_row_does",
    "interface.kind": _NEW + "test_what_is_left_out_is_put_in",
    "interface.schema": _CALLS + "test_a_system_sends_what_it_declares_and_no_more",
    "interface.signed": "api/test_signed.py::test_who_is_said_to_sign_is_taken_at_no_other_word",
    "interface.method": _CALLS + "test_a_method_without_a_body_asks_by_its_query",
    "interface.path": _CALLS + "test_what_is_asked_is_fixed_with_the_event_that_reached_the_step",
    "interface.send": _CALLS + "test_what_is_asked_is_fixed_with_the_event_that_reached_the_step",
    "interface.receive": _CALLS + "test_an_answer_fills_its_fields_and_the_case_goes_on",
    "interface.timeout": "worker/test_calling.py::test_whatever_breaks_off_is_tried_again_under_the_same_key",
    "interface.retry": "worker/test_calling.py::test_a_call_whose_attempts_are_used_up_is_held_for_its_owner",
    "interface.owner": _CALLS + "test_a_call_is_open_work_of_the_post_that_owns_its_failure",
    "retry.times": "worker/test_calling.py::test_a_call_whose_attempts_are_used_up_is_held_for_its_owner",
    "retry.back-off": "decisions/test_calls.py::test_pauses_grow_or_stay_as_declared",
    "call.call": _CALLS + "test_what_is_asked_is_fixed_with_the_event_that_reached_the_step",
    "beginning.workflows": _RUNS + "test_only_a_workflow_that_is_named_begins_a_case",
    "run.run": _RUNS + "test_each_entry_of_the_list_begins_a_case",
    "cases.workflow": _RUNS + "test_each_entry_of_the_list_begins_a_case",
    "cases.each": _RUNS + "test_each_entry_of_the_list_begins_a_case",
    "cases.waits": _RUNS + "test_a_step_waits_for_all_for_any_or_for_none",
    "cases.with": _RUNS + "test_each_entry_of_the_list_begins_a_case",
    "cases.brings": _RUNS + "test_what_cases_bring_is_kept_in_the_order_of_the_list",
    "given.cases": "scenarios/test_cases.py::test_a_story_says_how_cases_end",
    "given.calls": "scenarios/test_calls.py::test_a_story_says_what_a_system_answers",
    "interface.begins": _NEW + "test_what_is_left_out_is_put_in",
    "workflow.*": "decisions/test_walk.py::test_any_single_byte_that_is_changed_is_found",
    "workflow.repaired-by": "decisions/test_repairs.py::test_a_repair_that_may_not_be_is_not_proposed",
    "workflow.prefix": _NEW + "test_what_is_left_out_is_put_in",
    "workflow.owner": _CLOCKS + "test_a_due_time_is_counted_in_the_hours_of_the_unit",
    "beginning.*": _STATES,
    "beginning.interface": "notation/test_whole.py::test_a_model_may_use_every_property",
    "framework.edition": "queries/test_obligations.py::test_an_obligation_counts_how_its_cases_stand",
    "source.*": "queries/test_obligations.py::test_an_obligation_counts_how_its_cases_stand",
    "obligation.*": _DUTIES + "test_evidence_in_time_meets_an_obligation",
    "obligation.applies": _DUTIES + "test_what_does_not_apply_is_not_owed",
    "obligation.within": _DUTIES + "test_evidence_after_the_time_is_late",
    "obligation.test": _NEW + "test_evidence_must_satisfy_its_test",
    "evidence.*": _NEW + "test_evidence_must_satisfy_its_test",
    "governance-entry.*": "engine/test_change.py::test_who_keeps_the_part_may_change_it",
    "governance-entry.approvals": "engine/test_proposals.py::test_a_change_is_applied_once_all_who_are_asked_approved_it",
    "governance-entry.freeze": "engine/test_freezes.py::test_nothing_of_a_frozen_part_changes",
    "approvals.*": "engine/test_proposals.py::test_one_of_several_suffices_where_so_many_are_asked",
    "role": _AUTHORITY + "test_work_addressed_to_no_post_is_for_every_post_of_the_role",
    "to": _AUTHORITY + "test_a_post_beside_the_one_addressed_may_not_act",
    "addressee.*": _FLOW + "test_work_follows_the_field_that_addresses_it",
    "records": "decisions/test_options.py::test_a_task_says_what_it_records_and_what_it_requires",
    "requires": "decisions/test_options.py::test_a_task_says_what_it_records_and_what_it_requires",
    "separate-from": _AUTHORITY + "test_separation_is_between_people_and_not_between_posts",
    "state": _NEW + "test_a_step_may_set_the_state_alone",
    "discharges": _DUTIES + "test_evidence_in_time_meets_an_obligation",
    "due": _CLOCKS + "test_a_due_time_is_counted_in_the_hours_of_the_unit",
    "warn": _LADDERS + "test_a_warning_and_each_rung_fall_due_in_working_time",
    "escalate": _LADDERS + "test_a_warning_and_each_rung_fall_due_in_working_time",
    "rung.*": _LADDERS + "test_a_warning_and_each_rung_fall_due_in_working_time",
    "then": _FLOW + "test_a_task_may_route_by_a_condition_on_what_it_records",
    "route.*": _FLOW + "test_a_task_may_route_by_a_condition_on_what_it_records",
    "task.task": "decisions/test_options.py::test_a_task_says_what_it_records_and_what_it_requires",
    "decision.*": _FLOW + "test_who_is_shown_what_is_kept_with_the_decision",
    "decision.quorum": "decisions/test_voting.py::test_an_outcome_takes_effect_when_enough_people_have_voted_for_it",
    "decision.veto": "decisions/test_voting.py::test_an_outcome_with_a_veto_ends_it_at_once",
    "decision.override": _OVERRIDES
    + "test_an_outcome_beyond_an_authority_takes_effect_by_two_people_and_is_to_be_reviewed",
    "override.by": _OVERRIDES + "test_who_may_not_ask_is_told_why",
    "override.outcomes": _OVERRIDES + "test_who_may_not_ask_is_told_why",
    "override.confirmed-by": _OVERRIDES + "test_who_may_not_confirm_is_told_why",
    "override.lapses-after": _OVERRIDES + "test_it_lapses_after_its_time_and_is_confirmed_no_more",
    "override.reviewed-by": _OVERRIDES + "test_who_may_not_review_is_told_why",
    "override.review-within": _OVERRIDES
    + "test_an_outcome_beyond_an_authority_takes_effect_by_two_people_and_is_to_be_reviewed",
    "act-that-overrides.*": _OVERRIDDEN,
    "act-that-confirms.*": _OVERRIDDEN,
    "act-that-declines.*": "scenarios/test_overrides.py::test_the_second_person_of_a_story_says_no",
    "act-that-reviews.*": _OVERRIDDEN,
    "expectation.reviews": _OVERRIDDEN,
    "outcome.reason": "decisions/test_options.py::test_each_outcome_has_its_own_reason",
    "rule-step.rule": _RULES + "test_an_answer_explains_itself",
    "wait.*": _FLOW + "test_a_message_ends_a_wait_along_its_own_way",
    "wait.limit": _FLOW + "test_a_wait_ends_at_its_limit_and_not_before",
    "wait.until": "decisions/test_moments.py::test_a_wait_ends_at_the_time_of_a_field_and_not_before",
    "message.by": "engine/test_messages.py::test_a_message_finds_its_case_by_a_value",
    "message.from": _FLOW + "test_a_message_ends_a_wait_along_its_own_way",
    "parallel-step.parallel": _FLOW + "test_branches_join",
    "parallel-block.*": _NEW + "test_a_join_of_some_waits_for_no_more",
    "branch.steps": _FLOW + "test_nested_branches_join_outwards_in_one_act",
    "end-step.end": _FLOW + "test_a_closed_case_has_no_open_work",
    "exception.*": _FLOW + "test_a_diversion_goes_elsewhere_and_completes_nothing",
    "exception.raised-by": _NEW + "test_a_system_may_raise_an_exception_where_somebody_works",
    "exception.steps": _NEW + "test_what_is_left_out_is_put_in",
    "suspension.*": _CLOCKS + "test_a_suspension_stops_the_clocks_of_its_step_and_of_all_around_it",
    "suspension.until": _BESIDES + "test_a_suspension_ends_when_the_work_that_it_asks_for_is_done",
    "until.*": _BESIDES + "test_a_suspension_ends_when_the_work_that_it_asks_for_is_done",
    "until.due": _BESIDES + "test_work_beside_the_case_has_a_term_of_its_own",
    "until.limit": _BESIDES + "test_a_suspension_ends_by_itself_after_its_time_and_not_before",
    "until.field": _BESIDES + "test_a_suspension_ends_by_itself_at_the_time_of_a_field",
    "errand.*": _BESIDES + "test_work_beside_the_case_stops_nothing_and_leads_nowhere",
    "errand.due": _BESIDES + "test_work_beside_the_case_has_a_term_of_its_own",
    "exception.alongside": _BESIDES + "test_work_beside_the_case_stops_nothing_and_leads_nowhere",
    "ending.*": _PAUSES + "test_an_ending_that_completes_asks_for_all_that_completing_asks_for",
    **{
        f"{form}.*": _STORY
        for form in (
            "scenario",
            "expectation",
            "pause",
            "moment",
            "check-on-the-way",
            "act-that-does",
            "act-that-decides",
            "act-that-saves",
            "act-that-takes",
            "act-that-raises",
            "act-that-resolves",
            "act-that-delivers",
        )
    },
}


def consumer_of(form: str, name: str) -> str | None:
    """Return the test that speaks for a property; the nearest entry counts."""
    for key in (f"{form}.{name}", name, f"{form}.*"):
        if key in CONSUMERS:
            return CONSUMERS[key]
    return None
