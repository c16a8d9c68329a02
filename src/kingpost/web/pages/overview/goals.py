"""Objectives with their measures now, and the page of one measure."""

from collections.abc import Sequence
from decimal import Decimal

from kingpost.insight.status import Status
from kingpost.model.intent import Metric as ModelMetric
from kingpost.model.intent import MetricKind, Population, Target
from kingpost.queries.objectives import (
    CountedCase,
    MeasureNow,
    MetricPage,
    ObjectiveNow,
    Objectives,
    Reading,
)
from kingpost.web.figures import Bar, Chart, Metric, Spark, Tick
from kingpost.web.overviews import CaseList, MeasurePage, MeasureRow, Objective, ObjectivesPage
from kingpost.web.pages import words
from kingpost.web.pages.casework.records import CaseTitles, answering_row, case_cell, state_pill
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.figures.charts import LARGE, series
from kingpost.web.pages.frame import View
from kingpost.web.pages.paging import pager
from kingpost.web.pages.places import in_the_model
from kingpost.web.pieces import Cell, Column, Empty, Link, Pill, Table, Tone
from kingpost.web.presenters import Head
from kingpost.web.record_pieces import Fact, FactGroup

STATUSES: dict[Status, Pill] = {
    Status.ON_TRACK: Pill("On track", "good", "check"),
    Status.AT_RISK: Pill("At risk", "risk", "alert"),
    Status.OFF_TRACK: Pill("Off track", "late", "alert"),
    Status.NO_DATA: Pill("No data"),
}
_TONES: dict[Status, Tone] = {
    Status.ON_TRACK: "neutral",
    Status.AT_RISK: "risk",
    Status.OFF_TRACK: "late",
    Status.NO_DATA: "neutral",
}
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_EDGE = 96, 28, 3
_KINDS = {
    MetricKind.COUNT: "How many",
    MetricKind.SHARE: "Share",
    MetricKind.MEDIAN: "Median time",
    MetricKind.PERCENTILE_85: "Time within which 85 of 100 end",
    MetricKind.MEAN: "Mean time",
}
_HUNDRED = Decimal(100)


def objectives_page(view: View, found: Objectives) -> ObjectivesPage:
    """Return the tree of objectives."""
    tops = [item for item in found.objectives if not item.parents]
    counts = tuple(
        Pill(f"{number} {pill.text.lower()}", pill.tone, pill.icon)
        for status, pill in STATUSES.items()
        if (number := sum(item.status is status for item in found.objectives))
    )
    metrics = ", ".join(stream.title for stream in found.streams)
    return ObjectivesPage(
        Head(
            "Objectives",
            (Link(f"carried by {metrics}"),) if metrics else (),
            as_at=words.moment(found.as_at, view.now, view.zone),
        ),
        counts,
        tuple(_objective(view, item, found.objectives) for item in tops),
        Empty("No objectives", "The model declares none.", icon="target"),
    )


def measure_page(view: View, found: MetricPage, titles: CaseTitles) -> MeasurePage:
    """Return the page of a metric and what it counts. titles: of the cases."""
    metric = found.metric
    bound = found.bound[0][1] if found.bound else None
    row = (
        _measure(bound)
        if bound
        else MeasureRow(
            metric.title, "", metric_value(metric, found.now.value), "", Pill("No target")
        )
    )
    return MeasurePage(
        head=Head(
            row.title,
            (Link(_definition(metric)),),
            (in_the_model(f"metric/{metric.id}"),),
            as_at=words.moment(found.as_at, view.now, view.zone),
            state=row.status,
        ),
        measure=row,
        metrics=_metrics(metric, found.now, bound),
        chart=_chart(view, metric, found.trend, bound.target if bound else None),
        definition=_facts(view, found),
        segments=None,
        cases=_cases(view, found, titles),
    )


def metric_value(metric: ModelMetric, value: Decimal | None) -> str:
    """Return a metric's value in words."""
    if value is None:
        return "No data"
    match metric.kind:
        case MetricKind.SHARE:
            return words.percent(value)
        case MetricKind.COUNT:
            return words.number(int(value))
        case _:
            return words.duration(float(value))


def target_words(metric: ModelMetric, target: Target) -> str:
    """Return a target in words, such as `≥ 80 %`."""
    sign = {">=": "≥", "<=": "≤"}.get(target.comparison.value, target.comparison.value)
    return f"{sign} {metric_value(metric, target.value)}"


def _objective(view: View, item: ObjectiveNow, all_of_them: Sequence[ObjectiveNow]) -> Objective:
    children = [other for other in all_of_them if item.id in other.parents]
    workflows = view.program.model.workflows
    links = [
        Link(workflows[name].title, f"/processes/{name}")
        for name in item.workflows
        if name in workflows
    ]
    if item.in_flight:
        links.append(
            Link(words.plural(item.in_flight, "case") + " in flight", "/cases?is_open=yes")
        )
    return Objective(
        item.id,
        item.title,
        STATUSES[item.status],
        answering_row(view, "Answers for it", item.owner),
        tuple(_measure(measure) for measure in item.measures),
        horizon=words.horizon(item.horizon, view.now.astimezone(view.zone).date()),
        serves=tuple(links),
        children=tuple(_objective(view, child, all_of_them) for child in children),
    )


def _measure(measure: MeasureNow) -> MeasureRow:
    metric, now = measure.metric, measure.now
    url = f"/measures/{metric.id}"
    return MeasureRow(
        measure.title,
        url,
        metric_value(metric, now.value),
        target_words(metric, measure.target),
        STATUSES[measure.status],
        _bar(measure),
        _spark(measure),
        Link(_counted(metric, now.population), f"{url}#cases"),
        _note(measure),
    )


def _counted(metric: ModelMetric, population: int) -> str:
    noun = "case" if metric.population.value == "case" else "stay"
    return words.plural(population, noun)


def _note(measure: MeasureNow) -> str:
    window = measure.metric.window
    return f"over the last {window}" if window else ""


def _bar(measure: MeasureNow) -> Bar | None:
    value, target = measure.now.value, measure.target.value
    if value is None or target <= 0:
        return None
    scale = _HUNDRED if measure.metric.kind is MetricKind.SHARE else target * 2
    filled = min(100, max(0, int(100 * value / scale)))
    mark = min(100, int(100 * target / scale))
    goal = target_words(measure.metric, measure.target)
    return Bar(
        filled,
        f"{metric_value(measure.metric, value)}, target {goal}",
        mark,
        _TONES[measure.status],
    )


def _spark(measure: MeasureNow) -> Spark | None:
    known = [
        (index, item.value) for index, item in enumerate(measure.trend) if item.value is not None
    ]
    if len(known) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    target = measure.target.value
    values = [value for _, value in known]
    low, high = min(*values, target), max(*values, target)
    room = _SPARK_HEIGHT - 2 * _SPARK_EDGE

    def across(index: int) -> str:
        length = _SPARK_WIDTH - 2 * _SPARK_EDGE
        return f"{_SPARK_EDGE + length * index / max(1, len(measure.trend) - 1):.1f}"

    def up(value: Decimal) -> str:
        share = (value - low) / (high - low) if high > low else Decimal("0.5")
        return f"{_SPARK_HEIGHT - _SPARK_EDGE - room * float(share):.1f}"

    line = "M" + "L".join(f"{across(index)} {up(value)}" for index, value in known)
    first, last = metric_value(measure.metric, values[0]), metric_value(measure.metric, values[-1])
    text = f"{len(measure.trend)} weeks: from {first} to {last}"
    last_index, last_value = known[-1]
    return Spark(line, across(last_index), up(last_value), text, up(target), _TONES[measure.status])


def _metrics(metric: ModelMetric, now: Reading, bound: MeasureNow | None) -> tuple[Metric, ...]:
    shown = [Metric("Now", metric_value(metric, now.value))]
    if bound is not None:
        shown.append(Metric("Target", target_words(metric, bound.target)))
    shown.append(Metric("Computed from", _counted(metric, now.population)))
    return tuple(shown)


def _chart(
    view: View, metric: ModelMetric, trend: Sequence[Reading], target: Target | None
) -> Chart | None:
    known = [item for item in trend if item.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    values = [float(item.value or 0) for item in known]
    top = (
        100.0
        if metric.kind is MetricKind.SHARE
        else 1.1 * max([*values, float(target.value) if target else 0, 1])
    )
    marks = [item.at.astimezone(view.zone).strftime("%-d %b") for item in known]
    rows = tuple(
        (
            Cell(mark),
            Cell(metric_value(metric, item.value), number=True),
            Cell(words.number(item.population), number=True),
        )
        for mark, item in zip(marks, known, strict=True)
    )
    columns = (Column("Up to"), Column("Value", number=True), Column("Counted", number=True))
    count = len(known)
    across = tuple(Tick(f"{LARGE.x(n, count):.1f}", marks[n]) for n in range(count))
    up = tuple(
        Tick(f"{LARGE.y(part):.1f}", metric_value(metric, Decimal(str(top * part))))
        for part in (0.0, 0.5, 1.0)
    )
    line = None
    if target is not None:
        height = LARGE.y(float(target.value) / top)
        line = Tick(f"{height:.1f}", f"Target {metric_value(metric, target.value)}")
    last = metric_value(metric, known[-1].value)
    return Chart(
        id="trend",
        title=metric.title,
        unit=f"week by week, {_KINDS[metric.kind].lower()}",
        width=str(LARGE.width),
        height=str(LARGE.height),
        left=str(LARGE.left),
        right=str(LARGE.right),
        top=str(LARGE.top),
        bottom=str(LARGE.bottom),
        series=(series(LARGE, metric.title, [value / top for value in values], last),),
        across=across,
        up=up,
        table=Table(f"{metric.title}, week by week", columns, rows),
        target=line,
    )


def _definition(metric: ModelMetric) -> str:
    window = f", over the last {metric.window}" if metric.window else ""
    return f"{_KINDS[metric.kind]}{window}"


def _facts(view: View, found: MetricPage) -> FactGroup:
    metric = found.metric
    workflow = view.program.model.workflows[metric.workflow]
    of = _population(view, metric)
    facts = [
        Fact("What", _KINDS[metric.kind]),
        Fact("Process", workflow.title, f"/processes/{workflow.id}"),
        Fact("Of", of),
    ]
    if metric.where is not None:
        words_of = Titles(view.program.model, metric.workflow).condition(metric.where)
        facts.append(Fact("Where", words_of))
    if metric.within_due:
        facts.append(Fact("That", "ended within its due time"))
    if metric.window is not None:
        facts.append(Fact("Window", f"{metric.window} before now"))
    objectives = view.program.model.objectives
    facts.extend(
        Fact("Measures", objectives[name].title, f"/objectives#{name}")
        for name, _ in found.bound
        if name in objectives
    )
    return FactGroup("Definition", tuple(facts))


def _population(view: View, metric: ModelMetric) -> str:
    titles, name = Titles(view.program.model, metric.workflow), metric.name or ""
    match metric.population:
        case Population.STEP:
            return f"Stays at “{titles.step(name)}”"
        case Population.STATE:
            return f"Stays in “{titles.state(name)}”"
        case _:
            return "Whole cases"


def _cases(view: View, found: MetricPage, titles: CaseTitles) -> CaseList:
    metric = found.metric
    columns = (Column("Case"), Column("State"), Column("Counts as"), Column("When"))
    rows = tuple(_counted_row(view, metric, item, titles) for item in found.cases.rows)
    empty = Empty("Nothing counted", "No case falls into the window.", icon="target")
    table = Table("Exactly the cases that are counted", columns, rows, empty)
    return CaseList(
        table, pager(found.cases, lambda page: f"/measures/{metric.id}?page={page}#cases")
    )


def _counted_row(
    view: View, metric: ModelMetric, item: CountedCase, titles: CaseTitles
) -> tuple[Cell, ...]:
    if metric.kind is MetricKind.SHARE:
        good = item.value == 1
        counts = Cell(
            "", pill=Pill("Yes", "good", "check") if good else Pill("No", "late", "alert")
        )
    elif metric.kind is MetricKind.COUNT:
        counts = Cell("1", number=True)
    else:
        counts = Cell(words.duration(float(item.value)), number=True)
    return (
        case_cell(view, item.workflow, item.number, titles.get(item.case, ())),
        Cell("", pill=state_pill(view, item.workflow, item.state)),
        counts,
        Cell(words.moment(item.at, view.now, view.zone).text),
    )
