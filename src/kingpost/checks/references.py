"""References: every name that one part of a model uses for another must be declared."""

from collections.abc import Iterable, Iterator

from kingpost.checks.finding import Where, error, of, of_exception, of_field, of_step
from kingpost.checks.names.contracts import (
    of_errand,
    of_governance,
    of_interface,
    of_ladder,
    of_other_systems,
    of_started,
)
from kingpost.checks.names.reference import (
    Reference,
    field_named,
    fields_named,
    posts_named,
    states_named,
    steps_named,
)
from kingpost.model.intent import Metric, Objective, Population, ValueStream
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject
from kingpost.model.organisation import Post
from kingpost.model.rules import Rule
from kingpost.model.steps.deciding import Override
from kingpost.model.workflow import (
    DONE,
    Addressee,
    Call,
    Decision,
    Due,
    Exceptional,
    Parallel,
    Route,
    RuleStep,
    Run,
    Step,
    Task,
    Wait,
    Workflow,
)
from kingpost.values.address import step_address
from kingpost.values.diagnostic import Diagnostic
from kingpost.values.nearest import suggestion

CODES = {
    "calendar": "KP0101", "unit": "KP0102", "role": "KP0103", "post": "KP0104",
    "object": "KP0105", "field": "KP0106", "state": "KP0107", "rule": "KP0108",
    "workflow": "KP0109", "step": "KP0110", "branch": "KP0111", "outcome": "KP0112",
    "metric": "KP0113", "objective": "KP0114", "framework": "KP0115", "obligation": "KP0116",
    "interface": "KP0117", "choice": "KP0118",
    "exception": "KP1001", "ending": "KP1002", "message": "KP1003", "person": "KP1004",
    "scenario": "KP1008",
}  # fmt: skip


def check_references(model: Model) -> Iterator[Diagnostic]:
    """Find every name that is used and nowhere declared."""
    for broken in unresolved(model):
        yield misnamed(model, broken)


def misnamed(model: Model, broken: Reference) -> Diagnostic:
    """Return the finding for a reference to what is not declared."""
    otherwise = f"Declare the {broken.kind} `{broken.name}`, or name one that is declared."
    advice = suggestion(broken.name, broken.known, otherwise)
    return error(model, CODES[broken.kind], broken.where, broken.message, advice)


def unresolved(model: Model) -> Iterator[Reference]:
    """Yield the references to what is not declared."""
    for reference in references(model):
        if reference.name not in reference.known:
            yield reference


def references(model: Model) -> Iterator[Reference]:
    """Yield every use of a name in a model."""
    yield from _of_intent(model)
    yield from _of_organisation(model)
    for item in model.objects.values():
        yield from _of_object(model, item)
    yield from _of_assurance(model)
    for interface in model.interfaces.values():
        yield from of_interface(model, interface)
    for workflow in model.workflows.values():
        yield from _of_workflow(model, workflow)


def _of_intent(model: Model) -> Iterator[Reference]:
    for goal in model.objectives.values():
        yield from _of_objective(model, goal)
    for stream in model.streams.values():
        yield from _of_stream(model, stream)
    for metric in model.metrics.values():
        yield from _of_metric(model, metric)


def _of_objective(model: Model, goal: Objective) -> Iterator[Reference]:
    here = of("objective", goal.id)
    yield from posts_named(model, goal.owner, here.at("owner"))
    for index, parent in enumerate(goal.parents):
        yield Reference("objective", parent, model.objectives, here.at("serves", index))
    for measure in goal.measures:
        at = here.at("measures", measure.id, "metric")
        yield Reference("metric", measure.metric, model.metrics, at)


def _of_stream(model: Model, stream: ValueStream) -> Iterator[Reference]:
    here = of("value-stream", stream.id)
    for index, name in enumerate(stream.serves):
        yield Reference("objective", name, model.objectives, here.at("serves", index))
    yield Reference("metric", stream.promise, model.metrics, here.at("promise", "metric"))
    for stage in stream.stages:
        for index, name in enumerate(stage.workflows):
            at = here.at("stages", stage.id, "workflows", index)
            yield Reference("workflow", name, model.workflows, at)


def metric_key(metric: Metric) -> str:
    """Return the property that says what a metric looks at, such as `median-of`."""
    return f"{metric.kind.value}-of"


def _of_metric(model: Model, metric: Metric) -> Iterator[Reference]:
    at = of("metric", metric.id, metric_key(metric))
    if metric.population is Population.OBJECT:
        yield Reference("object", metric.workflow, model.objects, at)
        return
    if metric.population is Population.STEP and metric.name is not None:
        yield from steps_named(model, metric.workflow, metric.name, at)
        return
    yield Reference("workflow", metric.workflow, model.workflows, at)
    workflow = model.workflows.get(metric.workflow)
    item = model.objects.get(workflow.object) if workflow else None
    yield from fields_named(item, metric.group_by, of("metric", metric.id, "group-by"))
    if metric.population is Population.STATE:
        yield from states_named(item, metric.name, at)


def _of_organisation(model: Model) -> Iterator[Reference]:
    for unit in model.units.values():
        here = of("unit", unit.id)
        yield Reference("calendar", unit.calendar, model.calendars, here.at("calendar"))
        if unit.parent is not None:
            yield Reference("unit", unit.parent, model.units, here.at("part-of"))
    for role in model.roles.values():
        for index, name in enumerate(role.incompatible_with):
            at = of("role", role.id, "incompatible-with", index)
            yield Reference("role", name, model.roles, at)
    for post in model.posts.values():
        yield from _of_post(model, post)


def _of_post(model: Model, post: Post) -> Iterator[Reference]:
    here = of("post", post.id)
    yield Reference("unit", post.unit, model.units, here.at("unit"))
    yield from posts_named(model, post.reports_to, here.at("reports-to"))
    yield from posts_named(model, post.falls_to, here.at("vacancy", "falls-to"))
    yield from posts_named(model, post.answered_for_by, here.at("answered-for-by"))
    for index, name in enumerate(post.roles):
        yield Reference("role", name, model.roles, here.at("roles", index))
    for index, grant in enumerate(post.authority):
        at = here.at("authority", index)
        yield from steps_named(model, grant.workflow, grant.step, at.at("decide"))
        workflow = model.workflows.get(grant.workflow)
        step = workflow.step(grant.step) if workflow else None
        if workflow is not None and isinstance(step, Decision):
            known = tuple(outcome.id for outcome in step.outcomes)
            scope = f"of decision `{grant.workflow}/{grant.step}`"
            for number, name in enumerate(grant.outcomes):
                here = at.at("outcomes", number)
                owner = step_address(workflow.id, step.id)
                yield Reference("outcome", name, known, here, scope, owner)
        if workflow is not None and grant.allowance is not None:
            item = model.objects.get(workflow.object)
            yield from field_named(item, grant.allowance.of, at.at("allowance", "of"))


def _of_rule(model: Model, rule: Rule, here: Where) -> Iterator[Reference]:
    if rule.object:
        yield Reference("object", rule.object, model.objects, here.at("object"))
    item = model.objects.get(rule.object)
    for index, output in enumerate(rule.outputs):
        # What says its own type needs no field to have one.
        if not output.type and not output.values:
            yield from field_named(item, output.id, here.at("outputs", index))
    for section, names in (("answers", rule.answers), ("given", rule.given)):
        for index, name in enumerate(names):
            yield Reference("rule", name, model.rules, here.at(section, index))


def _of_object(model: Model, item: BusinessObject) -> Iterator[Reference]:
    here = of("object", item.id)
    yield from posts_named(model, item.custodian, here.at("custodian"))
    for field in item.fields:
        target = (field.item or field).target
        if target:
            yield Reference("object", target, model.objects, of_field(item.id, field.id, "of"))
    for index, move in enumerate(item.moves):
        at = here.at("moves", index)
        if move.source != "*":
            yield from states_named(item, move.source, at)
        yield from states_named(item, move.target, at)


def _of_assurance(model: Model) -> Iterator[Reference]:
    for rule in model.rules.values():
        here = of("rule", rule.id)
        yield from _of_rule(model, rule, here)
    for duty in model.obligations.values():
        here = of("obligation", duty.id)
        yield Reference("framework", duty.framework, model.frameworks, here.at("from", "framework"))
        yield from posts_named(model, duty.owner, here.at("owner"))
        for index, (workflow, step) in enumerate(duty.evidence.made_by):
            yield from steps_named(model, workflow, step, here.at("evidence", "made-by", index))
        yield from of_started(model, duty, here)
        makers = {workflow for workflow, _ in duty.evidence.made_by if workflow in model.workflows}
        for item in sorted({model.workflows[name].object for name in makers}):
            at = here.at("evidence", "holds")
            yield from fields_named(model.objects.get(item), duty.evidence.holds, at)
    for number, entry in enumerate(model.governance, 1):
        yield from of_governance(model, entry, of("governance", str(number)))


def _of_workflow(model: Model, workflow: Workflow) -> Iterator[Reference]:
    here = of("workflow", workflow.id)
    item = model.objects.get(workflow.object)
    yield Reference("object", workflow.object, model.objects, here.at("object"))
    yield from posts_named(model, workflow.owner, here.at("owner"))
    for index, name in enumerate(workflow.repaired_by):
        yield from posts_named(model, name, here.at("repaired-by", index))
    yield from fields_named(item, workflow.begins.form, here.at("begins", "form"))
    for index, name in enumerate(workflow.begins.roles):
        yield Reference("role", name, model.roles, here.at("begins", "roles", index))
    for index, name in enumerate(workflow.begins.interfaces):
        at = here.at("begins", "interfaces", index)
        yield Reference("interface", name, model.interfaces, at)
    for index, name in enumerate(workflow.begins.workflows):
        at = here.at("begins", "workflows", index)
        yield Reference("workflow", name, model.workflows, at)
    for step in workflow.all_steps():
        yield from _of_step(model, workflow, step)
    for exception in workflow.exceptions:
        yield from _of_exception(model, workflow, exception)


def _of_step(model: Model, workflow: Workflow, step: Step) -> Iterator[Reference]:
    here = of_step(workflow.id, step.id)
    item = model.objects.get(workflow.object)
    yield from states_named(item, step.state, here.at("state"))
    if step.due is not None and step.due.field is not None:
        yield from field_named(item, step.due.field, here.at("due", "by"))
        yield from _choices(item, step.due, here.at("due"))
    for index, name in enumerate(step.discharges):
        yield Reference("obligation", name, model.obligations, here.at("discharges", index))
    yield from _routes(workflow, step.then, here)
    yield from of_ladder(model, step, here)
    yield from _of_kind(model, workflow, step)


def _of_kind(model: Model, workflow: Workflow, step: Step) -> Iterator[Reference]:
    here = of_step(workflow.id, step.id)
    match step:
        case Task() | Decision():
            yield from _of_human(model, workflow, step)
        case RuleStep():
            yield Reference("rule", step.rule, model.rules, here.at("rule"))
        case Wait():
            yield from _of_wait(model, workflow, step)
        case Call() | Run():
            yield from of_other_systems(model, workflow, step)
        case Parallel():
            known = tuple(branch.id for branch in step.branches)
            for index, name in enumerate(step.named):
                at = here.at("parallel", "join", index)
                yield Reference("branch", name, known, at, f"in step `{step.id}`")
        case _:
            pass


def _choices(item: BusinessObject | None, due: Due, here: Where) -> Iterator[Reference]:
    field = item.field(due.field) if item and due.field else None
    if field is not None and field.choices:
        for name, _ in due.spans:
            scope = f"of field `{field.id}`"
            yield Reference("choice", name, field.choices, here.at(name), scope)


def _routes(workflow: Workflow, routes: Iterable[Route], here: Where) -> Iterator[Reference]:
    known = (*(step.id for step in workflow.all_steps()), DONE)
    scope, owner = f"in workflow `{workflow.id}`", step_address(workflow.id, "")
    for index, route in enumerate(routes):
        yield Reference("step", route.go, known, here.at("then", index), scope, owner)


def _of_human(model: Model, workflow: Workflow, step: Task | Decision) -> Iterator[Reference]:
    here = of_step(workflow.id, step.id)
    item = model.objects.get(workflow.object)
    if step.role:
        yield Reference("role", step.role, model.roles, here.at("role"))
    yield from _of_addressee(model, item, step.to, here.at("to"))
    for index, name in enumerate(step.separate_from):
        yield from steps_named(model, workflow.id, name, here.at("separate-from", index))
    if isinstance(step, Task):
        yield from fields_named(item, step.records, here.at("records"))
        yield from fields_named(item, step.requires, here.at("requires"), step.records)
        return
    yield from fields_named(item, step.shows, here.at("shows"))
    for index, name in enumerate(step.veto):
        known = tuple(outcome.id for outcome in step.outcomes)
        scope = f"of decision `{workflow.id}/{step.id}`"
        yield Reference("outcome", name, known, here.at("veto", index), scope)
    if step.override is not None:
        yield from _of_override(model, workflow, step, step.override, here.at("override"))
    for outcome in step.outcomes:
        at = here.at("outcomes", outcome.id)
        yield from fields_named(item, outcome.records, at.at("records"))
        yield from fields_named(item, outcome.requires, at.at("requires"), outcome.records)
        yield from _routes(workflow, outcome.then, at)


def _of_override(
    model: Model, workflow: Workflow, step: Decision, override: Override, here: Where
) -> Iterator[Reference]:
    for key, names in (("by", override.by), ("confirmed-by", override.confirmed_by)):
        for index, name in enumerate(names):
            yield from posts_named(model, name, here.at(key, index))
    yield from posts_named(model, override.reviewed_by, here.at("reviewed-by"))
    known = tuple(outcome.id for outcome in step.outcomes)
    for index, name in enumerate(override.outcomes):
        scope = f"of decision `{workflow.id}/{step.id}`"
        yield Reference("outcome", name, known, here.at("outcomes", index), scope)


def _of_addressee(
    model: Model, item: BusinessObject | None, to: Addressee, here: Where
) -> Iterator[Reference]:
    yield from posts_named(model, to.post, here.at("else" if to.field else "post"))
    if to.field is not None:
        yield from field_named(item, to.field, here.at("field"))


def _of_wait(model: Model, workflow: Workflow, step: Wait) -> Iterator[Reference]:
    here = of_step(workflow.id, step.id)
    if step.role:
        yield Reference("role", step.role, model.roles, here.at("role"))
    yield from fields_named(model.objects.get(workflow.object), step.records, here.at("records"))
    if step.until is not None:
        yield from field_named(model.objects.get(workflow.object), step.until, here.at("until"))
    for awaited in step.messages:
        at = here.at("messages", awaited.message)
        if awaited.by is not None:
            item = model.objects.get(workflow.object)
            yield from field_named(item, awaited.by, at.at("by"))
        for index, sender in enumerate(awaited.senders):
            kind, _, name = sender.partition("/")
            known = model.interfaces if kind == "interface" else model.roles
            kind = kind if kind in {"role", "interface"} else "role"
            yield Reference(kind, name or sender, known, at.at("from", index))
        yield from _routes(workflow, awaited.then, at)


def _of_exception(model: Model, workflow: Workflow, exception: Exceptional) -> Iterator[Reference]:
    here = of_exception(workflow.id, exception.id)
    for index, name in enumerate(exception.raised_by):
        yield Reference("role", name, model.roles, here.at("raised-by", index))
    for name in exception.interfaces:
        yield Reference("interface", name, model.interfaces, here.at("raised-by"))
    for name in exception.failing:
        yield from steps_named(model, workflow.id, name, here.at("raised-by"))
    yield from of_errand(model, exception.until, here.at("suspend", "until"))
    yield from of_errand(model, exception.alongside, here.at("alongside"))
    for index, name in enumerate(exception.steps):
        yield from steps_named(model, workflow.id, name, here.at("steps", index))
    if exception.divert is not None and exception.divert != DONE:
        yield from steps_named(model, workflow.id, exception.divert, here.at("divert"))
    item = model.objects.get(workflow.object)
    if exception.moment is not None:
        yield from field_named(item, exception.moment, here.at("suspend", "until", "field"))
    yield from states_named(item, exception.state, here.at("suspend", "state"))
