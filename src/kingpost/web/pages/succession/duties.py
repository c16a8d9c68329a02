"""What a post decides, is expected to reach, owes, and answers for."""

from kingpost.model.steps.ways import Due
from kingpost.queries.succession.pack import Owned, Succession
from kingpost.values.money import write_money
from kingpost.web.overviews import Section
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import Titles, joined
from kingpost.web.pages.frame import View
from kingpost.web.pages.overview.duties import STANDINGS
from kingpost.web.pages.overview.goals import STATUSES, metric_value, target_words
from kingpost.web.pages.succession.cells import moment_words, section, titles_of
from kingpost.web.pages.typed_fields import shown_money
from kingpost.web.pieces import Cell, Pill


def decisions(view: View, found: Succession) -> Section:
    """Return what the post may decide, with its limits and what is used of them."""
    return section(
        "decisions",
        "Decides",
        ("Decision", "Outcomes", "Only when, how soon", "Limit and use", "Open now"),
        (_owned(view, item) for item in found.decisions),
        "Of a case one may decide only what stands here, and nothing of what one did oneself in a "
        "step that is to be separate.",
    )


def _owned(view: View, item: Owned) -> tuple[Cell, ...]:
    grant, titles = item.grant, Titles(view.program.model, item.grant.workflow)
    together = f"{item.quorum.needed} of {item.quorum.asked} together" if item.quorum else ""
    apart = f"not by who did {joined(list(item.separate_from), 'or')}" if item.separate_from else ""
    return (
        Cell(item.title, note=item.workflow_title),
        Cell(joined(list(item.outcomes), "or"), note=", ".join(filter(None, (together, apart)))),
        Cell(titles.condition(grant.when) if grant.when else "Always", note=_due(item.due)),
        _used(item, titles),
        Cell(words.number(item.open), number=True),
    )


def _used(item: Owned, titles: Titles) -> Cell:
    allowance = item.grant.allowance
    if allowance is None or item.used is None or item.since is None:
        return Cell("No limit in a period")
    used, most = (
        shown_money(write_money(each, allowance.currency))
        for each in (item.used, allowance.at_most)
    )
    field = titles.field(allowance.of).lower()
    return Cell(
        f"{used} of {most} used",
        note=f"{field}, in the {allowance.per} from {item.since:%-d %B %Y}",
    )


def _due(due: Due | None) -> str:
    if due is None:
        return ""
    if due.span is not None:
        return f"within {due.span}"
    return "within " + joined(
        [f"{span} ({words.title_of(name)})" for name, span in due.spans], "or"
    )


def expected(view: View, found: Succession) -> Section:
    """Return the objectives that name the post, with their measures now."""
    rows: list[tuple[Cell, ...]] = []
    for item in found.objectives:
        until = words.horizon(item.horizon, view.now.astimezone(view.zone).date())
        name = Cell(item.title, "/objectives", until)
        if not item.measures:
            rows.append(
                (name, Cell("By those below"), Cell(""), Cell(""), _pill(STATUSES[item.status]))
            )
        rows += [
            (
                name,
                Cell(each.title, f"/measures/{each.metric.id}"),
                Cell(metric_value(each.metric, each.now.value), number=True),
                Cell(target_words(each.metric, each.target), number=True),
                _pill(STATUSES[each.status]),
            )
            for each in item.measures
        ]
    head = ("Objective", "Measure", "Now", "Target", "Status")
    return section("expected", "What is expected", head, rows)


def obligations(view: View, found: Succession) -> Section:
    """Return what the post owes, and when next."""
    rows: list[tuple[Cell, ...]] = []
    for each in found.obligations:
        item, counts = each.now.obligation, each.now.counts
        late = f"{words.number(counts.overdue)} overdue" if counts.overdue else ""
        rows.append(
            (
                Cell(item.title, f"/obligations/{item.id}", item.clause),
                _pill(STANDINGS[each.now.standing]),
                Cell(words.number(counts.owed), note=late, number=True),
                Cell(moment_words(view, each.next_due) if each.next_due else "–"),
            )
        )
    head = ("Obligation", "In the last 30 days", "Cases that owe it", "Next due")
    return section("obligations", "Obligations", head, rows)


def answers(found: Succession) -> Section:
    """Return the processes and systems that the post answers for."""
    flows = (
        (
            Cell(item.title, f"/processes/{item.id}", "process"),
            Cell(words.plural(item.in_flight, "case") + " open"),
        )
        for item in found.workflows
    )
    lines = (
        (
            Cell(
                item.title,
                note=f"system, asked at {titles_of(item.steps)}" if item.steps else "system",
            ),
            Cell(words.plural(item.troubled, "call") + " in trouble"),
        )
        for item in found.interfaces
    )
    head = ("What", "Now")
    note = "Work of these that reaches nobody else, such as a call that failed, comes to this post."
    return section("answers", "Answers for", head, (*flows, *lines), note)


def exceptions(found: Succession) -> Section:
    """Return the exceptions that the post may raise and end, or works on."""
    rows = (
        (
            Cell(item.title, note=item.workflow_title),
            Cell(_may(may_end=item.may_end, works=item.works)),
            Cell(
                words.plural(item.open, "case"),
                "/cases?exception={3}&workflow={1}&is_open=yes".format(*item.address.split("/"))
                if item.open
                else "",
            ),
        )
        for item in found.exceptions
    )
    head = ("Exception", "What the post may do", "Holds now")
    return section("exceptions", "Exceptions", head, rows)


def _may(*, may_end: bool, works: bool) -> str:
    both = ("raise it and end it" if may_end else "", "do the work that it brings" if works else "")
    return words.title_of(joined([each for each in both if each], "and"))


def _pill(pill: Pill) -> Cell:
    return Cell("", pill=pill)
