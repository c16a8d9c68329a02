"""The check itself: every check in one list, run over one model."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from kingpost.checks.assurance import (
    check_custodians,
    check_evidence_can_be_recorded,
    check_evidence_is_asked_for,
    check_frameworks_are_used,
    check_obligations_are_met,
)
from kingpost.checks.causes import causes, doubtful, unknown_names
from kingpost.checks.conditions import Scopes, check_conditions
from kingpost.checks.intent import (
    check_hand_overs,
    check_metrics,
    check_objective_circles,
    check_objectives_are_measured,
    check_objectives_are_served,
    check_targets,
    check_work_has_a_purpose,
)
from kingpost.checks.lifecycles.meeting import check_states_meet
from kingpost.checks.names.renames import check_renames
from kingpost.checks.objects import (
    check_begin_states,
    check_choices,
    check_dead_ends,
    check_final_moves,
    check_money,
    check_names_in_expressions,
    check_reachable_states,
    check_states_are_set,
)
from kingpost.checks.organisation import (
    check_authority,
    check_dynamic_separation,
    check_falling_circles,
    check_grants,
    check_repairs,
    check_reporting_circles,
    check_roles_are_carried,
    check_roles_are_used,
    check_static_separation,
    check_vacancies,
)
from kingpost.checks.posts.agents import check_agents
from kingpost.checks.references import (
    check_references,
)
from kingpost.checks.rules.tables import check_rules
from kingpost.checks.rules.trying import check_rule_tests
from kingpost.checks.rules.use import check_rule_steps, check_rules_are_used
from kingpost.checks.scenarios import check_scenarios
from kingpost.checks.soundness.findings import check_soundness
from kingpost.checks.workflows.allowances import check_allowances
from kingpost.checks.workflows.blocks import (
    check_branches,
    check_ends_are_reachable,
    check_reachable_steps,
    check_routes,
    check_step_names,
    check_targets_in_block,
)
from kingpost.checks.workflows.calls import check_calls, check_failures, check_members, check_paths
from kingpost.checks.workflows.exceptions import (
    check_diversions,
    check_endings,
    check_errands,
    check_raising,
    check_working_time,
)
from kingpost.checks.workflows.flow import (
    check_states_on_the_way,
)
from kingpost.checks.workflows.ladders import check_ladders
from kingpost.checks.workflows.overrides import check_overrides
from kingpost.checks.workflows.quorums import check_quorums
from kingpost.checks.workflows.runs import check_endless_runs, check_runs
from kingpost.checks.workflows.steps import (
    check_beginnings,
    check_decisions,
    check_due_times,
    check_messages,
    check_prefixes,
    check_requirements,
    check_roles_of_steps,
    check_separation,
    check_waits,
)
from kingpost.checks.workflows.systems import check_interfaces_are_used, check_payloads
from kingpost.model.model import Model
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.each import Each

Check: TypeAlias = Callable[[Model], Iterator[Diagnostic]]

# Those that take longest come first: where they are shared out, all are ready together.
CHECKS: tuple[Check, ...] = (
    check_conditions,
    check_rules,
    check_references,
    check_renames,
    check_work_has_a_purpose,
    check_objectives_are_served,
    check_objective_circles,
    check_objectives_are_measured,
    check_targets,
    check_metrics,
    check_hand_overs,
    check_roles_are_carried,
    check_roles_are_used,
    check_reporting_circles,
    check_vacancies,
    check_falling_circles,
    check_static_separation,
    check_grants,
    check_allowances,
    check_agents,
    check_authority,
    check_dynamic_separation,
    check_repairs,
    check_begin_states,
    check_final_moves,
    check_dead_ends,
    check_reachable_states,
    check_states_are_set,
    check_states_meet,
    check_choices,
    check_money,
    check_names_in_expressions,
    check_step_names,
    check_reachable_steps,
    check_ends_are_reachable,
    check_routes,
    check_targets_in_block,
    check_branches,
    check_beginnings,
    check_prefixes,
    check_interfaces_are_used,
    check_payloads,
    check_calls,
    check_members,
    check_paths,
    check_failures,
    check_runs,
    check_endless_runs,
    check_decisions,
    check_quorums,
    check_overrides,
    check_roles_of_steps,
    check_requirements,
    check_separation,
    check_due_times,
    check_ladders,
    check_waits,
    check_messages,
    check_states_on_the_way,
    check_rules_are_used,
    check_rule_steps,
    check_rule_tests,
    check_raising,
    check_diversions,
    check_endings,
    check_errands,
    check_working_time,
    check_obligations_are_met,
    check_evidence_is_asked_for,
    check_evidence_can_be_recorded,
    check_frameworks_are_used,
    check_custodians,
    check_scenarios,
)


_USING = (
    "calendars", "objectives", "streams", "units", "roles", "posts", "objects", "rules",
    "interfaces", "workflows", "metrics", "frameworks", "obligations",
)  # fmt: skip
# The checks that look at one element after the other, and the sections that they go through. What
# such a check finds about an element depends on nothing but that element and what it looks up.
LOCAL: Mapping[Check, tuple[str, ...]] = {
    check_references: _USING,
    check_conditions: ("posts", "objects", "metrics", "obligations", "streams", "workflows"),
    check_scenarios: ("scenarios",),
    check_rules: ("rules",),
    check_rule_tests: ("rules",),
    check_rule_steps: ("rules", "workflows"),
    check_static_separation: ("roles", "posts"),
    check_targets: ("objectives", "streams"),
    check_hand_overs: ("streams",),
    check_metrics: ("metrics",),
    **dict.fromkeys(
        (check_obligations_are_met, check_evidence_can_be_recorded), ("obligations",)
    ),
    **dict.fromkeys((check_vacancies, check_grants, check_allowances), ("posts",)),
    **dict.fromkeys(
        (
            check_begin_states, check_final_moves, check_dead_ends, check_reachable_states,
            check_choices, check_money, check_names_in_expressions,
        ),
        ("objects",),
    ),
    **dict.fromkeys(
        (
            check_step_names, check_reachable_steps, check_ends_are_reachable, check_routes,
            check_targets_in_block, check_branches, check_beginnings, check_decisions,
            check_roles_of_steps, check_requirements, check_separation, check_due_times,
            check_ladders, check_waits, check_messages, check_states_on_the_way, check_raising,
            check_diversions, check_endings, check_errands, check_working_time, check_calls,
            check_evidence_is_asked_for, check_runs, check_repairs,
        ),
        ("workflows",),
    ),
}  # fmt: skip


# The checks that share what expressions became, with each other and with the proof.
SCOPED: Mapping[Check, Callable[[Model, Scopes], Iterator[Diagnostic]]] = {
    check_conditions: check_conditions,
    check_rules: check_rules,
    check_rule_steps: check_rule_steps,
    check_states_meet: check_states_meet,
}


def check(model: Model, each: Each = map) -> tuple[Diagnostic, ...]:
    """Return everything that is unsound in a model, in the order of its text.

    each: how to go through the checks, and through the workflows when they are proven; they may be
          shared out.
    """
    scopes = Scopes(model)
    # Known before the checks are shared out, so that no process does it again.
    scopes.type_rules()

    def look(one: Check) -> tuple[Diagnostic, ...]:
        scoped = SCOPED.get(one)
        return tuple(one(model) if scoped is None else scoped(model, scopes))

    findings = [finding for found in each(look, CHECKS) for finding in found]
    findings += check_soundness(model, doubtful(model, findings), each, scopes)
    kept = set(causes(model, findings, unknown_names(model)))
    return tuple(sorted(kept, key=Diagnostic.order))
