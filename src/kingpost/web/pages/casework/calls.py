"""Triage: calls to other systems that do not run as they should."""

from kingpost.decisions.authority import held
from kingpost.decisions.commands import Actor
from kingpost.engine.outside.triage import Result
from kingpost.engine.perform import Done
from kingpost.queries.trouble.calls import CallState, TroubledCall, TroubledCalls
from kingpost.queries.trouble.messages import KeptMessages
from kingpost.web.overviews import CallsPage, CaseList
from kingpost.web.pages import words
from kingpost.web.pages.casework.messages import messages_list
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.paging import pager
from kingpost.web.pieces import Act, Cell, Column, Empty, Link, Pill, Table, Tone
from kingpost.web.presenters import Head

_COLUMNS = tuple(
    Column(title)
    for title in ("Case", "Asks", "Stands", "Why", "Attempts", "Answers for it", "Act")
)
_STATES: dict[CallState, tuple[str, Tone]] = {
    CallState.FAILED: ("Failed", "late"),
    CallState.PAUSED: ("Tried again", "risk"),
    CallState.HELD: ("System down", "risk"),
}


def calls_page(
    view: View,
    found: TroubledCalls,
    kept: KeptMessages,
    results: tuple[tuple[str, str], ...] = (),
) -> CallsPage:
    """Return the page. results: of what was just done, each as what it was done to and how."""
    keys = Keys()
    own = [call for call in found.page.rows if is_own(view, call)]
    everything = tuple(("call", str(call.id)) for call in own)
    every = Act(
        "Try all of mine again", "/calls/retry", post=True, key=keys.next(), fields=everything
    )
    acts = (every,) if len(own) > 1 else ()
    total = words.plural(found.page.total, "call")
    rows = tuple(_row(view, call, keys) for call in found.page.rows)
    empty = Empty("Every call runs as it should", "What fails is listed here with its cause.")
    return CallsPage(
        Head("Calls", (Link(total),), acts, words.moment(found.as_at, view.now, view.zone)),
        CaseList(
            Table("Calls in trouble", _COLUMNS, rows, empty),
            pager(found.page, lambda number: f"/calls?page={number}"),
        ),
        messages_list(view, kept, keys),
        Table(
            "What came of it",
            (Column("What"), Column("Result")),
            tuple((Cell(what), Cell(result)) for what, result in results),
        ),
    )


def is_own(view: View, call: TroubledCall) -> bool:
    """Tell whether the reader holds the post that answers for a call, or one above it."""
    model = view.program.model
    if call.post is None or call.post not in model.posts:
        return False
    chain = {call.post, *model.superiors(call.post)}
    actor = Actor(view.visitor.person, None, view.reader.holdings)
    return any(holding.post in chain for holding in held(actor))


def _row(view: View, call: TroubledCall, keys: Keys) -> tuple[Cell, ...]:
    text, tone = _STATES[call.state]
    again = ""
    if call.next_at is not None:
        again = f"next at {words.moment(call.next_at, view.now, view.zone).text}"
    return (
        Cell(call.number, f"/tasks/{call.id}", note=call.step_title),
        Cell(call.interface_title),
        Cell("", pill=Pill(text, tone), note=again),
        Cell(call.cause),
        Cell(f"{call.attempts} of {call.most}"),
        Cell(view.post_title(call.post)),
        _act(view, call, keys),
    )


def _act(view: View, call: TroubledCall, keys: Keys) -> Cell:
    if not is_own(view, call):
        return Cell("")
    fields = (("call", str(call.id)),)
    act = Act("Try again", "/calls/retry", post=True, key=keys.next(), fields=fields)
    if call.state is not CallState.FAILED:
        act = Act(
            "Give up",
            "/calls/give-up",
            post=True,
            key=keys.next(),
            fields=fields,
            confirm=f"Let the call of {call.number} fail now?",
        )
    return Cell("", act=act, about=call.number)


def told(results: tuple[Result, ...]) -> tuple[tuple[str, str], ...]:
    """Return what came of acting on calls, in words."""
    return tuple(
        (result.outcome.number, "Done")
        if isinstance(result.outcome, Done)
        else (str(result.call), str(result.outcome))
        for result in results
    )
