"""Plans of changes: all that were saved, and what one was to do to every live case."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kingpost.decisions.planned.plan import Foreseen
from kingpost.decisions.restructuring.restructure import Restructure
from kingpost.decisions.restructuring.sentences import told
from kingpost.engine.carrying.forecasting import Expected
from kingpost.engine.carrying.receipts import WORDS, Receipt
from kingpost.engine.plans.saving import Saved
from kingpost.engine.proposals.waiting import Waiting
from kingpost.model.parts.links import Links
from kingpost.planning.difference import Difference
from kingpost.queries.page import Page
from kingpost.web.changes import ChangePage, Consent, Section
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import sentence
from kingpost.web.pages.changes.telling import difference_table
from kingpost.web.pages.frame import View
from kingpost.web.pages.paging import pager
from kingpost.web.pieces import Act, Cell, Column, Empty, Link, Notice, Pill, Table, Tone
from kingpost.web.presenters import Head

_STATES: Mapping[str, tuple[str, Tone]] = {
    "open": ("Open", "accent"),
    "proposed": ("Proposed", "accent"),
    "rejected": ("Rejected", "late"),
    "withdrawn": ("Withdrawn", "neutral"),
    "applied": ("Applied", "good"),
    "scenarios fail": ("Scenarios fail", "late"),
}
_STALE: tuple[str, Tone] = ("Stale", "neutral")


def plans_page(view: View, page: Page[Saved], waiting: Sequence[Waiting]) -> ChangePage:
    """Return the list of plans, the latest first. waiting: for the approval of who looks."""
    columns = (
        *map(Column, ("Plan", "As all stood at", "By")),
        Column("Live cases", number=True),
        Column("State"),
    )
    empty = Empty(
        "No plan was saved yet",
        "Save one by kingpost plan FOLDER --save: it shows here what it would do.",
        icon="file",
    )
    rows = tuple(_row(view, item) for item in page.rows)
    head = Head("Plans", (Link(words.plural(page.total, "plan")),))
    table = Table("Plans of changes", columns, rows, empty)
    shown = pager(page, lambda number: f"/plans?page={number}")
    mine = [Section("waiting", _waiting(view, waiting))] if waiting else []
    return ChangePage(head, (*mine, Section("plans", table)), pager=shown)


def _waiting(view: View, waiting: Sequence[Waiting]) -> Table:
    rows = tuple(
        (
            Cell(f"Plan {item.plan.name}", f"/plans/{item.plan.name}#consent"),
            Cell(item.plan.by or "Nobody was named"),
            Cell(", ".join(view.post_title(post) for post in item.posts)),
        )
        for item in waiting
    )
    columns = tuple(map(Column, ("Plan", "By", "You answer for")))
    return Table("Waits for your approval", columns, rows)


def _row(view: View, item: Saved) -> tuple[Cell, ...]:
    return (
        Cell(f"Plan {item.name}", f"/plans/{item.name}", f"to version {item.plan.version[:12]}"),
        Cell(words.moment(item.plan.at, view.now, view.zone).text),
        Cell(item.by or "Nobody was named"),
        Cell(words.number(item.plan.cases_number), number=True),
        Cell("", pill=_state(view, item)),
    )


def _state(view: View, item: Saved) -> Pill:
    text, tone = _STATES.get(item.state(view.program.version), _STALE)
    return Pill(text, tone)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a plan says.

    sides: the parts before and after. consent: who is to agree to it.
    organisation: what it would do to posts and those who hold them; None for nothing of it.
    cases: every live case. told: what came of it, once it was applied.
    """

    found: tuple[Difference, ...]
    sides: tuple[Links, Links]
    consent: Consent
    cases: tuple[Foreseen, ...]
    told: Receipt | None
    organisation: Restructure | None = None


def plan_page(
    view: View, item: Saved, outlook: Outlook, page: Page[Expected], chosen: tuple[str, str]
) -> ChangePage:
    """Return a plan as it was saved.

    page:   of the cases that are listed. chosen: their workflow and outcome; of all, where empty.
    """
    plan = item.plan
    facts = (
        Link(f"from version {plan.running[:12]} to {plan.version[:12]}"),
        Link(f"as all stood at {words.moment(plan.at, view.now, view.zone).text}"),
        Link(f"by {item.by}" if item.by else "by nobody in particular"),
    )
    head = Head(f"Plan {item.name}", facts, (Act("All plans", "/plans"),), state=_state(view, item))
    sections = (
        Section("changes", difference_table(outlook.found, outlook.sides)),
        *([Section("receipt", _receipt(view, outlook.told))] if outlook.told is not None else []),
        *_organisation(outlook.organisation),
        Section("becomes", _becomes(view, item, outlook.cases), _gates(item)),
        Section("cases", _cases(view, page, chosen)),
    )
    there = f"/plans/{item.name}"
    shown = pager(page, lambda number: f"{there}?{_query(*chosen)}&page={number}")
    return ChangePage(head, sections, _notice(view, item), shown, outlook.consent)


def _organisation(found: Restructure | None) -> list[Section]:
    """Return what becomes of the organisation, what is to be settled first of all."""
    if found is None:
        return []
    rows = tuple(
        (Cell(heading), Cell(sentence(line.rstrip("."))))
        for heading, lines in told(found)
        for line in lines
    )
    table = Table("What becomes of the organisation", (Column("Of"), Column("What")), rows)
    return [Section("organisation", table)]


def _notice(view: View, item: Saved) -> Notice | None:
    state = item.state(view.program.version)
    if state in {"open", "proposed"}:
        words_ = f"kingpost apply {item.name} --as PERSON does just what it says."
        return Notice("It is not applied yet.", words_)
    if state in {"applied", "rejected", "withdrawn"}:
        return None
    why = "Scenarios fail." if item.plan.failed else "Another version runs than when it was made."
    return Notice(why, "It cannot be applied: plan anew.", "late")


def _gates(item: Saved) -> str:
    plan = item.plan
    if plan.failed:
        return f"{words.plural(len(plan.failed), 'scenario')} failed: {', '.join(plan.failed)}."
    number = plan.scenarios
    return f"{words.plural(number, 'scenario')} passed." if number else "There are no scenarios."


def _becomes(view: View, item: Saved, cases: tuple[Foreseen, ...]) -> Table:
    counted = Counter((each.workflow, Expected(each).outcome) for each in cases)
    rows = tuple(
        (
            Cell(_title(view, workflow)),
            Cell(
                outcome[:1].upper() + outcome[1:],
                f"/plans/{item.name}?{_query(workflow, outcome)}#cases",
            ),
            Cell(words.number(number), number=True),
        )
        for (workflow, outcome), number in sorted(counted.items())
    )
    columns = (Column("Workflow"), Column("What becomes of them"), Column("Cases", number=True))
    empty = Empty("No live case is on another version", "Nothing goes over.", icon="check")
    return Table("What becomes of live cases", columns, rows, empty)


def _cases(view: View, page: Page[Expected], chosen: tuple[str, str]) -> Table:
    rows = tuple(
        (
            Cell(each.foreseen.number, f"/cases/{each.foreseen.number}"),
            Cell(each.outcome[:1].upper() + each.outcome[1:]),
            Cell("; ".join(each.foreseen.reasons) or "–"),
        )
        for each in page.rows
    )
    workflow, outcome = chosen
    caption = f"{_title(view, workflow)}: {outcome}" if workflow else "All live cases"
    columns = tuple(map(Column, ("Case", "What becomes of it", "Why")))
    empty = Empty("No case is among these", "Choose others above.", icon="check")
    return Table(caption, columns, rows, empty)


def _receipt(view: View, told: Receipt) -> Table:
    rows = tuple(
        (
            Cell(_title(view, each.workflow)),
            Cell(each.planned or "–"),
            Cell(WORDS[each.outcome]),
            Cell(words.number(each.number), number=True),
        )
        for each in told.counted
    )
    columns = (
        *map(Column, ("Workflow", "Planned", "What came of them")),
        Column("Cases", number=True),
    )
    empty = Empty("No live case was to go over", "They end on their version.", icon="check")
    return Table("What came of it", columns, rows, empty)


def _title(view: View, workflow: str) -> str:
    """Return the title of a workflow; its id when the model that runs has it no longer."""
    found = view.program.model.workflows.get(workflow)
    return found.title if found else workflow


def _query(workflow: str, outcome: str) -> str:
    return urlencode({"workflow": workflow, "outcome": outcome})
