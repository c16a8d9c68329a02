"""The forms of what a company wants: objectives, metrics and value streams."""

from kingpost.model.intent import (
    Measure,
    Metric,
    MetricKind,
    Objective,
    Population,
    Stage,
    ValueStream,
)
from kingpost.notation.codes import Code
from kingpost.notation.completing import UNSAID
from kingpost.notation.elements.naming import DESCRIPTION, NAMED, TITLE, TOLD, told
from kingpost.notation.forms import Form, MapOf, Opened, defaulted, optional, required
from kingpost.notation.later import POPULATIONS
from kingpost.notation.phrases import EXPRESSION, HORIZON, REFERENCE, SPAN, TARGET, word
from kingpost.notation.shapes import NOTHING, ListOf, Phrase

# --- objectives, metrics, value streams ----------------------------------------------------------

_OWNER = required("owner", REFERENCE, "the post that answers for it")
_PARENTS = defaulted("serves", ListOf(REFERENCE), (), "the objectives above it")
_METRIC = required("metric", REFERENCE, "the metric that it binds")
_TARGET = required("target", TARGET, "the bound, such as `>= 80 %` or `<= 2 days`")
_AT_RISK = optional("at-risk", TARGET, "the condition under which a met target is in danger")


def _measure(of: Opened) -> Measure:
    title, description = of.titled(TITLE), of[DESCRIPTION]
    return Measure(of.id, title, of[_METRIC], of[_TARGET], of[_AT_RISK], description)


_MEASURES = defaulted(
    "measures",
    MapOf(
        Form(
            "measure",
            (*TOLD, _METRIC, _TARGET, _AT_RISK),
            _measure,
            advice={"tolerance": "Write `at-risk`, where a met target is in danger."},
        ),
        also="measure",
    ),
    (),
    "what tells whether it is met",
)


_HORIZON = optional("horizon", HORIZON, "the last day by which it is wanted, or the year")


def _objective(of: Opened) -> Objective:
    return Objective(
        id=of.id,
        title=of.titled(TITLE),
        owner=of[_OWNER],
        parents=of[_PARENTS],
        measures=of[_MEASURES],
        horizon=of[_HORIZON],
        **told(of),
    )


OBJECTIVES = MapOf(
    Form("objective", (*NAMED, _OWNER, _PARENTS, _HORIZON, _MEASURES), _objective), "objective/"
)


def _read_population(text: str) -> tuple[Population, str, str | None] | None:
    match text.split("/"):
        case ["workflow" | "case", workflow] if workflow:
            return Population.CASE, workflow, None
        case ["decision", name] if name:
            # The workflow is put in when all of them are known.
            return Population.STEP, "", name
        case ["workflow", workflow, "step", name] if workflow and name:
            return Population.STEP, workflow, name
        case ["workflow", workflow, "state", name] if workflow and name:
            return Population.STATE, workflow, name
        case ["object", name] if name:
            return Population.OBJECT, name, None
        case _:
            return None


_POPULATION: Phrase[tuple[Population, str, str | None]] = Phrase(
    "`workflow/…`, `workflow/…/step/…` or `workflow/…/state/…`",
    _read_population,
    {
        "type": "string",
        "pattern": "^(workflow/[^/]+(/(step|state)/[^/]+)?|(case|decision|object)/[^/]+)$",
    },
    later=POPULATIONS,
)
_KINDS = tuple(
    (kind, optional(f"{kind.value}-of", _POPULATION, f"the {kind.value} of cases, steps or states"))
    for kind in MetricKind
)
_THAT = optional("that", word("within-due"), "counts what ended within its due time")
_WHERE = optional("where", EXPRESSION, "the condition on the record")
_GROUP_BY = defaulted(
    "group-by", ListOf(REFERENCE), (), "the fields whose values tell groups apart"
)
_WINDOW = optional("window", SPAN, "only what ended in this time before now")


def _metric(of: Opened) -> Metric:
    kind, written = next((kind, each) for kind, each in _KINDS if of.has(each))
    population, workflow, name = of[written] or NOTHING
    if of.has(_THAT) and (kind, population) != (MetricKind.SHARE, Population.STEP):
        message = f"{of.spot.label} has `that`, which only a `share-of` a step may have"
        of.spot.report(Code.CONTRADICTION, message, "Remove `that`, or count a step.")
    if kind is MetricKind.SHARE and not of.has(_THAT) and not of.has(_WHERE):
        message = f"{of.spot.label} has a `share-of` without `where` or `that`"
        of.spot.report(Code.MISSING, message, "Add the condition that is counted.")
    return Metric(
        id=of.id,
        title=of.titled(TITLE),
        kind=kind,
        population=population,
        workflow=workflow,
        name=name,
        where=of[_WHERE],
        within_due=of.has(_THAT),
        window=of[_WINDOW],
        group_by=of[_GROUP_BY],
        **told(of),
    )


METRICS = MapOf(
    Form(
        "metric",
        (*NAMED, *(written for _, written in _KINDS), _THAT, _WHERE, _WINDOW, _GROUP_BY),
        _metric,
        one_of=tuple(written.name for _, written in _KINDS),
    ),
    "metric/",
)

_PROMISED = optional(
    "target", TARGET, "the bound; left out, that of an objective's measure of this metric"
)
_PROMISE = required(
    "promise",
    Form("promise", (_METRIC, _PROMISED), lambda of: (of[_METRIC], of[_PROMISED] or UNSAID)),
    "the metric that the customer feels, with its target",
)
_WORKFLOWS = required("workflows", ListOf(REFERENCE, least=1), "the workflows of the stage")
_ENTRY = optional("entry", EXPRESSION, "what a case satisfies when it starts")
_EXIT = optional("exit", EXPRESSION, "what a case satisfies when it ends")


def _stage(of: Opened) -> Stage:
    return Stage(of.id, of.titled(TITLE), of[_WORKFLOWS], of[_ENTRY], of[_EXIT], **told(of))


_SERVES = required("serves", ListOf(REFERENCE, least=1), "the objectives that it serves")
_STAGES = required(
    "stages",
    MapOf(Form("stage", (*NAMED, _WORKFLOWS, _ENTRY, _EXIT), _stage), least=1),
    "its parts in order",
)


def _stream(of: Opened) -> ValueStream:
    promise, target = of[_PROMISE]
    return ValueStream(
        of.id, of.titled(TITLE), of[_SERVES], promise, target, of[_STAGES], **told(of)
    )


STREAMS = MapOf(
    Form("value stream", (*NAMED, _SERVES, _PROMISE, _STAGES), _stream), "value-stream/"
)
