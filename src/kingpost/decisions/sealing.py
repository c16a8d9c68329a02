"""From the work of a decision to its event: the decision record, its secrets and its bytes."""

import hmac
from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from kingpost.decisions.case import (
    Child,
    Clock,
    Plain,
    Proposal,
    Repair,
    Review,
    Suspension,
    Token,
    Vote,
)
from kingpost.decisions.changes import (
    Addressed,
    Assigned,
    BranchEnded,
    CaseClosed,
    CaseReported,
    CasesWanted,
    Change,
    ClockSet,
    Entered,
    FieldsSet,
    Left,
    Noticed,
    NotOwed,
    Owed,
    Performed,
    Resumed,
    StateSet,
    Voted,
    VotesLapsed,
    WasSuspended,
)
from kingpost.decisions.proposing.changes import (
    ProposalDeclined,
    ProposalLapsed,
    Proposing,
    RepairProposed,
    Reviewed,
    ReviewOpened,
)
from kingpost.decisions.transition import Secret
from kingpost.decisions.versions.renaming import (
    CarriedOver,
    Placed,
    Renamed,
    read_switch,
    write_switch,
)
from kingpost.decisions.written.times import instant, read_clock, read_instant, write_clock
from kingpost.proof.canonical import Json, canonical_unchecked, digest
from kingpost.proof.chain import commit

Members: TypeAlias = dict[str, Any]

SEED_BYTES_MIN = 32

# No field has this name, so nothing that is recorded can look like a commitment.
COMMITMENT = "$commitment"
_OF_REVIEW = ("step", "outcome", "event", "by", "post")


class Vault:
    """Takes personal values out of a body and leaves commitments in their place.

    seed:  32 fresh random bytes; the salt of each value is derived from it and the value's name.
    event: what the values belong to, unique for each event.
    """

    def __init__(self, seed: bytes, event: str) -> None:
        """Begin empty."""
        self.seed = seed
        self.event = event
        self.secrets: list[Secret] = []

    def put(self, name: str, field: str, value: Json) -> Members:
        """Keep a value under a name unique in the event; return what stands in the body.

        Raises: ValueError, when the seed is too short to hide anything.
        """
        if len(self.seed) < SEED_BYTES_MIN:
            raise ValueError(f"expected a seed of {SEED_BYTES_MIN} bytes, got {len(self.seed)}")
        salt = hmac.digest(self.seed, f"{self.event}/{name}".encode(), "sha256")
        self.secrets.append(Secret(name, salt, value))
        return {COMMITMENT: commit(field, salt, value), "name": name}


def shown_digest(names: tuple[str, ...], fields: Mapping[str, Any]) -> str:
    """Return the digest of what a decision shows: the named fields as they stand."""
    return digest(canonical_unchecked({name: fields.get(name) for name in names}))


def write_change(change: Change, personal: frozenset[str], vault: Vault) -> Members:  # noqa: C901, PLR0912, PLR0915 - one case a kind
    """Return a change as members of a body, with its personal values committed."""
    match change:
        case FieldsSet():
            return {"do": "fields", "fields": _fields(change.fields, personal, vault)}
        case Entered():
            written = {"do": "enter", "token": change.token, "step": change.step}
            around = {"parent": change.parent, "branch": change.branch, "post": change.post}
            written |= {name: value for name, value in around.items() if value is not None}
            written |= {"unasked": True} if change.unasked else {}
            clocks = {"clock": change.clock, "limit": change.limit}
            return written | {name: write_clock(clock) for name, clock in clocks.items() if clock}
        case Left():
            by = {} if change.by is None else {"by": change.by}
            return {"do": "leave", "token": change.token, "how": change.how, **by}
        case BranchEnded():
            return {"do": "end-branch", "token": change.token, "branch": change.branch}
        case StateSet():
            return {"do": "state", "state": change.state}
        case Addressed():
            return {"do": "address", "token": change.token, "post": change.post}
        case Assigned():
            return {"do": "assign", "token": change.token, "person": change.person}
        case WasSuspended():
            return {
                "do": "suspend",
                "token": change.token,
                "exception": change.exception,
                "before": change.state_before,
            }
        case Resumed():
            return {"do": "resume", "token": change.token}
        case ClockSet():
            clock = write_clock(change.clock) if change.clock else None
            return {"do": "clock", "token": change.token, "of": change.of, "clock": clock}
        case Voted(vote=vote):
            said = _fields(vote.fields, personal, vault)
            return {"do": "vote", "token": change.token, **_write_vote(vote, said)}
        case VotesLapsed():
            return {"do": "lapse-votes", "token": change.token}
        case Noticed():
            return {"do": "notice", "token": change.token, "post": change.post}
        case CasesWanted():
            return {"do": "want-cases", "token": change.token, "cases": list(change.cases)}
        case CaseReported(child=child):
            brought = _fields(child.fields, personal, vault)
            return {"do": "report-case", "token": change.token, **_write_child(child, brought)}
        case Performed():
            return {"do": "perform", "step": change.step, "person": change.person}
        case Owed():
            due = instant(change.due) if change.due else None
            return {"do": "owe", "obligation": change.obligation, "due": due}
        case NotOwed():
            return {"do": "discharge", "obligation": change.obligation, "why": change.why}
        case CarriedOver() | Renamed() | Placed():
            return write_switch(change)
        case RepairProposed() | ProposalLapsed() | ProposalDeclined() | ReviewOpened() | Reviewed():
            return _write_proposing(change, personal, vault)
        case CaseClosed():
            return {"do": "close"}


def _write_proposing(change: Proposing, personal: frozenset[str], vault: Vault) -> Members:
    match change:
        case RepairProposed(proposal=proposal):
            fields = _fields(proposal.repair.fields, personal, vault)
            return {"do": "propose", **_write_proposal(proposal, fields)}
        case ProposalLapsed():
            return {"do": "lapse"}
        case ProposalDeclined():
            return {"do": "decline"}
        case ReviewOpened(review=review):
            return {"do": "open-review", "id": review.id, **write_review(review)}
        case Reviewed():
            return {"do": "review", "id": change.review}


def read_change(written: Mapping[str, Any]) -> Change:  # noqa: C901, PLR0912 - as above
    """Read what `write_change` wrote, its secrets put back by `reveal`."""
    token = written.get("token", "")
    match written["do"]:
        case "fields":
            return FieldsSet(_read_fields(written["fields"]))
        case "enter":
            around = (written.get("parent"), written.get("branch"), written.get("post"))
            clock, limit = _read_clock(written, "clock"), _read_clock(written, "limit")
            return Entered(
                token, written["step"], *around, clock, limit, written.get("unasked", False)
            )
        case "leave":
            return Left(token, written["how"], written.get("by"))
        case "end-branch":
            return BranchEnded(token, written["branch"])
        case "state":
            return StateSet(written["state"])
        case "address":
            return Addressed(token, written["post"])
        case "assign":
            return Assigned(token, written["person"])
        case "suspend":
            return WasSuspended(token, written["exception"], written["before"])
        case "resume":
            return Resumed(token)
        case "clock":
            clock = read_clock(written["clock"]) if written["clock"] else None
            return ClockSet(token, clock, written["of"])
        case "vote":
            return Voted(token, _read_vote(written))
        case "lapse-votes":
            return VotesLapsed(token)
        case "notice":
            return Noticed(token, written["post"])
        case "want-cases":
            return CasesWanted(token, tuple(written["cases"]))
        case "report-case":
            return CaseReported(token, _read_child(written))
        case "perform":
            return Performed(written["step"], written["person"])
        case "owe":
            due = read_instant(written["due"]) if written["due"] else None
            return Owed(written["obligation"], due)
        case "discharge":
            return NotOwed(written["obligation"], written["why"])
        case "carry" | "rename" | "place":
            return read_switch(written)
        case "close":
            return CaseClosed()
        case _:
            return _read_proposing(written)


def _read_proposing(written: Mapping[str, Any]) -> Proposing:
    match written["do"]:
        case "propose":
            return RepairProposed(read_proposal(written))
        case "lapse":
            return ProposalLapsed()
        case "decline":
            return ProposalDeclined()
        case "open-review":
            return ReviewOpened(read_review(written["id"], written))
        case "review":
            return Reviewed(written["id"])
        case other:
            raise ValueError(f"there is no change `{other}` in this format")


def _read_clock(written: Mapping[str, Any], name: str) -> Clock | None:
    return read_clock(written[name]) if name in written else None


def _read_fields(written: Mapping[str, Any]) -> tuple[tuple[str, Plain], ...]:
    return tuple((name, _read_field(written[name])) for name in sorted(written))


def _read_field(value: Plain | Members) -> Plain:
    """Return a field's value; one whose commitment still stands was erased, and reads as empty."""
    return None if isinstance(value, dict) else value


def write_token(token: Token) -> Members:
    """Return a token as plain members, for the row of its case."""
    written: Members = {"step": token.step, "since": instant(token.since)}
    optional = {
        "parent": token.parent,
        "branch": token.branch,
        "post": token.post,
        "person": token.person,
        "done": list(token.done) or None,
        "clock": write_clock(token.clock) if token.clock else None,
        "limit": write_clock(token.limit) if token.limit else None,
        "suspension": _write_suspension(token.suspension) if token.suspension else None,
        "votes": [_write_vote(vote, dict(vote.fields)) for vote in token.votes] or None,
        "notices": token.notices or None,
        "told": list(token.told) or None,
        "children": [_write_child(child, dict(child.fields)) for child in token.children] or None,
        "unasked": token.unasked or None,
    }
    return written | {name: value for name, value in optional.items() if value is not None}


def read_token(token_id: str, written: Mapping[str, Any]) -> Token:
    """Read what `write_token` wrote."""
    why = written.get("suspension")
    return Token(
        token_id,
        written["step"],
        written.get("parent"),
        written.get("branch"),
        read_instant(written["since"]),
        post=written.get("post"),
        person=written.get("person"),
        clock=_read_clock(written, "clock"),
        suspension=(
            Suspension(why["exception"], read_instant(why["since"]), why["before"]) if why else None
        ),
        done=tuple(written.get("done", ())),
        limit=_read_clock(written, "limit"),
        votes=tuple(map(_read_vote, written.get("votes", ()))),
        notices=written.get("notices", 0),
        told=tuple(written.get("told", ())),
        children=tuple(map(_read_child, written.get("children", ()))),
        unasked=written.get("unasked", False),
    )


def write_proposal(proposal: Proposal) -> Members:
    """Return a proposal as plain members, for the row of its case."""
    return _write_proposal(proposal, dict(proposal.repair.fields))


def _write_proposal(proposal: Proposal, fields: Members) -> Members:
    repair = proposal.repair
    parts = {"fields": fields, "task": repair.task, "to": repair.to, "outcome": repair.outcome}
    kept = {name: value for name, value in parts.items() if value}
    by = {"person": proposal.person, "post": proposal.post, "right": proposal.right}
    until = {"until": instant(proposal.until)} if proposal.until else {}
    return {**by, "event": proposal.event, **kept, **until}


def read_proposal(written: Mapping[str, Any]) -> Proposal:
    """Read what `write_proposal` wrote."""
    fields = _read_fields(written.get("fields", {}))
    parts = (written.get(name, "") for name in ("task", "to", "outcome"))
    by = (written["person"], written["post"], written["right"], written["event"])
    until = read_instant(written["until"]) if "until" in written else None
    return Proposal(Repair(fields, *parts), *by, until)


def write_review(review: Review) -> Members:
    """Return a review that is to be made as plain members, without its id."""
    named = {name: getattr(review, name) for name in _OF_REVIEW}
    times = {"since": instant(review.since), "clock": write_clock(review.clock)}
    return {**named, "people": list(review.people), **times}


def read_review(name: str, written: Mapping[str, Any]) -> Review:
    """Read what `write_review` wrote. name: its id."""
    named = {each: written[each] for each in _OF_REVIEW}
    since, clock = read_instant(written["since"]), read_clock(written["clock"])
    return Review(name, people=tuple(written["people"]), since=since, clock=clock, **named)


def reveal(written: Any, secrets: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any part of a body
    """Return a body with each commitment replaced by its value.

    secrets: values by name. A value that was erased leaves its commitment standing.
    """
    if isinstance(written, dict):
        members = cast("Members", written)
        if COMMITMENT in members and members["name"] in secrets:
            return secrets[members["name"]]
        return {key: reveal(value, secrets) for key, value in members.items()}
    if isinstance(written, list):
        return [reveal(item, secrets) for item in cast("list[Any]", written)]
    return written


def _fields(
    fields: tuple[tuple[str, Plain], ...], personal: frozenset[str], vault: Vault
) -> Members:
    return {
        name: (
            vault.put(f"field/{name}/{len(vault.secrets)}", name, value)
            if name in personal and value is not None
            else value
        )
        for name, value in fields
    }


def _write_vote(vote: Vote, fields: Members) -> Members:
    written = {"person": vote.person, "post": vote.post, "outcome": vote.outcome}
    return {**written, "fields": fields} if fields else written


def _read_vote(written: Mapping[str, Any]) -> Vote:
    said = _read_fields(written.get("fields", {}))
    return Vote(written["person"], written["post"], written["outcome"], said)


def _write_child(child: Child, fields: Members) -> Members:
    told = {"state": child.state or None, "fields": fields or None}
    return {"case": child.id, **{name: value for name, value in told.items() if value}}


def _read_child(written: Mapping[str, Any]) -> Child:
    brought = _read_fields(written.get("fields", {}))
    return Child(written["case"], written.get("state", ""), brought)


def _write_suspension(why: Suspension) -> Members:
    return {
        "exception": why.exception,
        "since": instant(why.since),
        "before": why.state_before,
    }
