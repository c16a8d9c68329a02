"""A batch: what an act would do to each of many, and then what it did."""

from kingpost.engine.batches.acting import END, GIVE_UP, RETRY, Batch, Order
from kingpost.engine.batches.looking import Prospect
from kingpost.queries.page import Page
from kingpost.queries.trouble.batches import Item
from kingpost.web.form_pieces import Form
from kingpost.web.overviews import BatchPage
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import Titles, sentence, why
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.paging import pager
from kingpost.web.pages.trouble.exceptions import act_words
from kingpost.web.pieces import Act, Cell, Column, Link, Pager, Pill, Table, Tone
from kingpost.web.presenters import Head
from kingpost.web.record_pieces import Fact, FactGroup

# So many are looked at before the act; what it does to each is told for all of them afterwards.
LOOKED_AT_MAX = 50
_OUTCOMES: dict[str | None, tuple[str, Tone]] = {
    "done": ("Done", "good"),
    "refused": ("Refused", "late"),
    "gone": ("Too late", "risk"),
    None: ("Not tried yet", "neutral"),
}


def look_page(
    view: View,
    order: Order,
    prospects: tuple[Prospect, ...],
    hidden: tuple[tuple[str, str], ...],
    back: str,
) -> BatchPage:
    """Return what an order will do, with one button that does exactly that.

    hidden: what the form sends to name the same again. back: where it was chosen.
    """
    count = words.plural(order.chosen, "item")
    refused = sum(each.refusal is not None for each in prospects)
    facts = [Fact("What to do", act_words(order.act)), Fact("To", count)]
    facts.append(Fact("Reason", order.reason))
    if order.chosen > len(order.tasks):
        facts.append(Fact("At once", f"The oldest {words.number(len(order.tasks))} of them"))
    if refused:
        facts.append(Fact("Refused as it stands", f"{refused} of the {len(prospects)} looked at"))
    looked = "What it does to each"
    if len(order.tasks) > len(prospects):
        looked = f"What it does to the first {len(prospects)}; the others are judged when tried"
    form = Form(
        "/exceptions/acts",
        f"{act_words(order.act)}: {words.plural(len(order.tasks), 'item')}",
        Keys().next(),
        hidden=(*hidden, ("act", order.act), ("reason", order.reason)),
        cancel=Link("Back to exceptions", back),
    )
    rows = tuple(_prospect(view, order.act, each) for each in prospects)
    columns = (Column("Case"), Column("Step"), Column("What happens"))
    return BatchPage(
        Head("Before you act", (Link("Nothing has happened yet"),)),
        FactGroup("", tuple(facts)),
        Table(looked, columns, rows),
        Pager(words.plural(len(prospects), "row")),
        form,
    )


def _prospect(view: View, act: str, each: Prospect) -> tuple[Cell, ...]:
    if not each.number:
        return (Cell("–"), Cell("–"), Cell(sentence(str(each.refusal))))
    titles = Titles(view.company.program(each.model).model, each.workflow)
    if each.refusal is not None:
        told = Cell("", pill=Pill("Refused", "late"), note=why(titles, each.refusal))
    elif each.comes_to:
        told = Cell(f"Comes to “{'”, “'.join(titles.step(name) for name in each.comes_to)}”")
    else:
        told = Cell({RETRY: "Is asked again", GIVE_UP: "Fails now"}.get(act, "Goes on from there"))
    return Cell(each.number, f"/tasks/{each.task}"), Cell(titles.step(each.step)), told


def batch_page(view: View, batch: Batch, page: Page[Item]) -> BatchPage:
    """Return what came of a batch so far, with what does the rest."""
    facts = [
        Fact("What was to do", act_words(batch.act)),
        Fact("Reason", batch.reason),
        Fact("Done", words.number(batch.done)),
        Fact("Refused", words.number(batch.refused)),
        Fact("Too late", words.number(batch.gone), note="somebody was quicker"),
    ]
    if batch.chosen > batch.items:
        left = words.number(batch.chosen - batch.items)
        facts.append(Fact("Not in this batch", left, note="choose them again for the next one"))
    there = f"/exceptions/acts/{batch.id}"
    rest = words.plural(batch.left, "item")
    asked = words.moment(batch.asked_at, view.now, view.zone)
    return BatchPage(
        Head(
            "What came of it" if not batch.left else "Under way",
            (Link(words.plural(batch.items, "item")), Link(f"asked {asked.text}")),
        ),
        FactGroup("", tuple(facts)),
        Table(
            "What came of each",
            (Column("Case"), Column("Result"), Column("Why")),
            tuple(_item(each) for each in page.rows),
        ),
        pager(page, lambda number: f"{there}?page={number}"),
        done=batch.items - batch.left,
        of=batch.items,
        go_on=Act(f"Go on with {rest}", f"{there}/go-on", post=True) if batch.left else None,
    )


def _item(item: Item) -> tuple[Cell, ...]:
    text, tone = _OUTCOMES[item.outcome]
    url = f"/cases/{item.number}" if item.number else ""
    return (
        Cell(item.number or str(item.task), url),
        Cell("", pill=Pill(text, tone)),
        Cell(sentence(item.words) if item.words else "–"),
    )


def is_act(act: str) -> bool:
    """Tell whether an act reads as one that is done to many."""
    return act in {RETRY, GIVE_UP} or (act.startswith(END) and len(act) > len(END))
