"""What is said to a plan on its page: who agreed, who is asked, and what the reader may do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from kingpost.decisions.consenting.judging import NotAgreed
from kingpost.decisions.consenting.proposal import Answer, Happened, Kind, State
from kingpost.decisions.consenting.tally import is_against, standing
from kingpost.engine.plans.saving import Saved
from kingpost.engine.proposals.reading import Standing
from kingpost.web.changes import Consent
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError, Send
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pieces import Cell, Column, Pill, Table
from kingpost.web.record_pieces import Event, EventDay

_FIELD = "field-reason"
_BUTTONS: Mapping[Kind, str] = {
    Kind.PROPOSED: "Propose it",
    Kind.APPROVED: "Approve it",
    Kind.REJECTED: "Reject it",
    Kind.COMMENTED: "Only say it",
    Kind.WITHDRAWN: "Withdraw it",
}
PATHS: Mapping[Kind, str] = {
    Kind.PROPOSED: "propose",
    Kind.APPROVED: "approve",
    Kind.REJECTED: "reject",
    Kind.COMMENTED: "comment",
    Kind.WITHDRAWN: "withdraw",
}
_TITLES: Mapping[Kind, tuple[str, str]] = {
    Kind.PROPOSED: ("Proposed", "file"),
    Kind.COMMENTED: ("Said", "info"),
    Kind.APPROVED: ("Approved", "check"),
    Kind.REJECTED: ("Rejected", "cross"),
    Kind.WITHDRAWN: ("Withdrawn", "undo"),
    Kind.APPLIED: ("Applied", "seal"),
}
_LEADS: Mapping[State, str] = {
    State.REJECTED: "It was rejected, and cannot be applied any more.",
    State.WITHDRAWN: "Who proposed it has withdrawn it.",
    State.APPLIED: "It was applied.",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader may do about a plan.

    choices: what may be said, with the posts it is for, or why not. not_applied: why the reader
             cannot apply it; empty if they may. typed: what they wrote before. error: what was
             wrong with that.
    """

    choices: Mapping[Kind, tuple[str, ...] | NotAgreed]
    not_applied: str
    typed: str = ""
    error: str = ""


def consent(view: View, item: Saved, found: Standing, asked: Asked) -> Consent:
    """Return who is to agree to a plan, and what the reader may do about it."""
    keys, over = Keys(), item.change is not None
    may = [kind for kind, answer in asked.choices.items() if not isinstance(answer, NotAgreed)]
    waits = found.proposal.state is State.OPEN and not over
    applies = _apply(item, keys) if waits and not asked.not_applied else None
    return Consent(
        "Who must agree",
        _lead(found, over=over),
        _agree(view, found),
        _form(item, may, asked, keys, leads=applies is None) if may else None,
        applies,
        _blocked(view, found, asked) if waits else (),
        tuple(_history(view, found)),
    )


def _lead(found: Standing, *, over: bool) -> str:
    if found.proposal.state is not State.OPEN:
        return _LEADS[found.proposal.state]
    if over:
        return _LEADS[State.APPLIED]
    missing = sum(each.number for each in found.lacks)
    lacks = (
        f"{words.plural(missing, 'approval')} missing." if missing else "No approval is missing."
    )
    return lacks if found.proposal.version else f"Nobody has proposed it yet. {lacks}"


def _agree(view: View, found: Standing) -> Table:
    rows = [
        (
            Cell(
                view.post_title(post) or "No post",
                f"/org/posts/{post}" if post else "",
                f"keeps {', '.join(parts)}",
            ),
            _stands(view, found, post, keeps=True),
        )
        for post, parts in found.wanted.keepers.items()
    ]
    for asked in found.wanted.asked:
        some = f"{asked.needed} of {len(asked.posts)}, " if asked.needed < len(asked.posts) else ""
        rows += [
            (
                Cell(
                    view.post_title(post),
                    f"/org/posts/{post}",
                    f"{some}for {', '.join(asked.parts)}",
                ),
                _stands(view, found, post),
            )
            for post in asked.posts
        ]
    return Table("Posts that are asked", (Column("Post"), Column("Says")), tuple(rows))


def _stands(view: View, found: Standing, post: str, *, keeps: bool = False) -> Cell:
    answers = found.proposal.answers
    given = [each for each in standing(answers, post) if each.own or not keeps]
    if not keeps:
        given = [each for each in given if found.proposal.by not in each.people]
    if is_against(answers, post):
        said = [each for each in answers if each.post == post][-1]
        return Cell("", note=_who(view, found, said), pill=Pill("Rejected", "late", "cross"))
    if given:
        return Cell("", note=_who(view, found, given[-1]), pill=Pill("Approved", "good", "check"))
    if keeps:
        return Cell("Applies it, or approves it")
    return Cell("", pill=Pill("Missing", "risk"))


def _who(view: View, found: Standing, answer: Answer) -> str:
    name = found.names.get(answer.person, answer.person)
    return f"{name}, {words.moment(answer.at, view.now, view.zone).text}"


def _form(item: Saved, may: list[Kind], asked: Asked, keys: Keys, *, leads: bool) -> Form:
    """Return what may be said. leads: what to do next stands here, and nowhere else."""
    reason = Field(
        "long-text",
        "reason",
        "Why, or what you think",
        value=asked.typed,
        hint="It stands in the history of the change.",
        error=asked.error,
    )
    buttons = (
        Send(
            _BUTTONS[kind],
            f"/plans/{item.name}/{PATHS[kind]}",
            "say",
            PATHS[kind],
            primary=leads and kind in {Kind.PROPOSED, Kind.APPROVED},
        )
        for kind in _BUTTONS
        if kind in may
    )
    errors = (FormError(_FIELD, asked.error),) if asked.error else ()
    return Form(
        f"/plans/{item.name}/comment",
        "",
        keys.next(),
        groups=(FieldGroup("", (reason,)),),
        errors=errors,
        others=tuple(buttons),
    )


def _apply(item: Saved, keys: Keys) -> Form:
    plan = item.plan
    live = words.plural(plan.cases_number, "live case")
    act = f"Apply it now: {live} as planned" if plan.cases_number else "Apply it now"
    ask = f"Let the change {item.name} take effect now? Cases that went over do not go back by it."
    return Form(f"/plans/{item.name}/apply", act, keys.next(), confirm=ask)


def _blocked(view: View, found: Standing, asked: Asked) -> tuple[str, ...]:
    approving = asked.choices.get(Kind.APPROVED)
    # What to type is for the command line; what is missing does not hang on who reads.
    told = asked.not_applied.splitlines()
    lines = found.words or [line.strip() for line in told if "`kingpost " not in line]
    said = [view.in_titles(line) for line in lines]
    if isinstance(approving, NotAgreed) and approving.kind not in {"not-proposed", "said-already"}:
        said.append(view.in_titles(str(approving)))
    return tuple(f"{each[:1].upper()}{each[1:].rstrip('.')}." for each in said)


def _history(view: View, found: Standing) -> Iterator[EventDay]:
    newest = sorted(found.proposal.events, key=lambda each: -each.seq)
    for day, events in groupby(newest, key=lambda each: words.day(each.at, view.zone)):
        yield EventDay(day, tuple(_event(view, found, each) for each in events))


def _event(view: View, found: Standing, event: Happened) -> Event:
    title, icon = _TITLES[event.kind]
    posts = [each["post"] for each in event.body.get("answers", ())]
    return Event(
        f"said-{event.seq}",
        words.moment(event.at, view.now, view.zone),
        title,
        icon,
        "late" if event.kind is Kind.REJECTED else "neutral",
        words.person(event.person, found.names.get(event.person)),
        ", ".join(view.post_title(post) for post in posts),
        event.body["reason"],
    )
