"""Presenters of the pages about changes: versions, and plans.

The rules are those of `presenters`.
"""

from dataclasses import dataclass

from kingpost.web.form_pieces import Form
from kingpost.web.pieces import Notice, Pager, Table
from kingpost.web.presenters import Head
from kingpost.web.record_pieces import EventDay


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that is told of a change, by a table; id: of its card. note: below it."""

    id: str
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """Who is to agree to a change, and what the reader may do about it.

    lead:    how it stands, a sentence. agree: each post with how it stands to it.
    form:    what the reader may say, with a button for each; None when there is nothing.
    apply:   lets it take effect; None when the reader cannot. blocked: why not, sentences.
    history: what was said.
    """

    title: str
    lead: str
    agree: Table
    form: Form | None
    apply: Form | None
    blocked: tuple[str, ...] = ()
    history: tuple[EventDay, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangePage:
    """`change.html`: what changed or would change, section by section.

    notice: what has to be known first. pager: of the last section; None where all is told.
    """

    head: Head
    sections: tuple[Section, ...]
    notice: Notice | None = None
    pager: Pager | None = None
    consent: Consent | None = None
