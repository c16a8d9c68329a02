"""Messages that no case waits for yet, beside the calls in trouble."""

from kingpost.decisions.commands import Actor, Facts
from kingpost.decisions.judging.calling.messages import NotYourMessage, may_drop
from kingpost.queries.trouble.messages import KeptMessage, KeptMessages
from kingpost.web.overviews import CaseList
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.paging import pager
from kingpost.web.pieces import Act, Cell, Column, Empty, Table

_COLUMNS = tuple(
    Column(title) for title in ("Message", "From", "Came", "Why it waits", "Answers for it", "Act")
)


def messages_list(view: View, found: KeptMessages, keys: Keys) -> CaseList:
    """Return the messages, with a button for those that the reader may drop."""
    rows = tuple(_row(view, message, keys) for message in found.page.rows)
    empty = Empty("No message waits", "What comes before its case does is listed here.")
    return CaseList(
        Table("Messages that wait for their case", _COLUMNS, rows, empty),
        pager(found.page, lambda number: f"/calls?messages={number}"),
    )


def _row(view: View, message: KeptMessage, keys: Keys) -> tuple[Cell, ...]:
    until = words.moment(message.until, view.now, view.zone)
    titles = dict.fromkeys(view.post_title(owner) for owner in message.owners)
    return (
        Cell(message.message, note=message.value),
        Cell(message.interface_title),
        Cell(words.moment(message.received_at, view.now, view.zone).text),
        Cell(message.refusal or "no case waits for it yet", note=f"kept until {until.text}"),
        Cell(", ".join(titles)),
        _act(view, message, keys),
    )


def _act(view: View, message: KeptMessage, keys: Keys) -> Cell:
    actor = Actor(view.visitor.person, None, view.reader.holdings, view.visitor.acting_as)
    # Whether a vacancy makes it theirs is looked up when they act.
    facts = Facts(view.now, view.now, actor)
    if isinstance(may_drop(view.program, facts, message.message), NotYourMessage):
        return Cell("")
    act = Act(
        "Drop",
        "/messages/drop",
        post=True,
        key=keys.next(),
        fields=(("message", str(message.id)),),
        asks="Why it is dropped",
    )
    return Cell("", act=act, about=message.value)
