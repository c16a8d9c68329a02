"""Where a case stands after its events, folded from what they say they changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from kingpost.audit.telling import Members, Told

Stay: TypeAlias = tuple[str, str, datetime, datetime, str]
Duty: TypeAlias = tuple[str, datetime | None, datetime, int]


# A warning, or the finding of a review, leaves the case as it is.
CHANGES_NOTHING = frozenset({"notice", "review"})


class CannotFollowError(Exception):
    """An event changes what is not there."""


@dataclass(slots=True)
class Standing:
    """A case as it stands, in the words of its own row.

    tokens: as members, by id. touched: when each was last changed.
    stays, duties: what ended, and how each obligation stands, beside the fold.
    """

    state: str = ""
    state_since: datetime | None = None
    closed_at: datetime | None = None
    fields: Members = field(default_factory=dict[str, Any])
    tokens: dict[str, Members] = field(default_factory=dict[str, Members])
    entered: dict[str, int] = field(default_factory=dict[str, int])
    changed: dict[str, int] = field(default_factory=dict[str, int])
    performers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    taken: dict[str, Members] = field(default_factory=dict[str, Members])
    owed: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    settled: dict[str, str] = field(default_factory=dict[str, str])
    touched: dict[str, datetime] = field(default_factory=dict[str, datetime])
    stays: list[Stay] = field(default_factory=list[Stay])
    duties: dict[str, Duty] = field(default_factory=dict[str, Duty])
    proposal: Members | None = None
    model: str = ""
    reviews: dict[str, Members] = field(default_factory=dict[str, Members])

    def position(self) -> Members:
        """Return what the row of the case keeps in its column of that name."""
        return {
            "tokens": self.tokens,
            "entered": self.entered,
            "changed": self.changed,
            "performers": self.performers,
            "owed": self.owed,
            "settled": self.settled,
            **({"proposal": self.proposal} if self.proposal else {}),
            **({"reviews": self.reviews} if self.reviews else {}),
            **({"taken": self.taken} if self.taken else {}),
        }

    def as_of_now(self) -> "Standing":
        """Return a copy that stays as it is, without what is only counted beside the fold."""
        return Standing(
            state=self.state,
            state_since=self.state_since,
            closed_at=self.closed_at,
            fields=dict(self.fields),
            tokens={name: dict(token) for name, token in self.tokens.items()},
            entered=dict(self.entered),
            changed=dict(self.changed),
            owed=dict(self.owed),
            proposal=self.proposal,
            model=self.model,
            reviews=dict(self.reviews),
        )

    def apply(self, event: Told, change: Members) -> None:
        """Follow one change. Raises CannotFollowError."""
        follow = _FOLLOWED.get(change["do"])
        if follow is None:
            raise CannotFollowError(
                f"event {event.seq} changes in a way `{change['do']}` unknown here"
            )
        try:
            follow(self, event, change)
        except KeyError as error:
            message = f"event {event.seq} changes `{error.args[0]}`, which is not open then"
            raise CannotFollowError(message) from error
        if change.get("token") in self.tokens:
            self.touched[change["token"]] = event.at


def _fields(now: Standing, _: Told, change: Members) -> None:
    for name in sorted(change["fields"]):
        value = change["fields"][name]
        if name in now.fields and now.fields[name] != value:
            now.changed[name] = now.changed.get(name, 0) + 1
        if value is None:
            now.fields.pop(name, None)
        else:
            now.fields[name] = value


def _enter(now: Standing, event: Told, change: Members) -> None:
    kept = {name: value for name, value in change.items() if name not in {"do", "token"}}
    now.tokens[change["token"]] = {**kept, "since": event.header["at"]}
    now.entered[change["step"]] = now.entered.get(change["step"], 0) + 1
    if change["step"] in now.taken:
        now.taken[change["step"]] = {"by": None}


def _leave(now: Standing, event: Told, change: Members) -> None:
    _end_suspension(now, event, change)
    token = now.tokens.pop(change["token"])
    since = datetime.fromisoformat(token["since"])
    now.stays.append(("step", token["step"], since, event.at, change["how"]))
    if "by" in change:
        around = {"within": token["parent"]} if "parent" in token else {}
        now.taken[token["step"]] = {"by": change["by"], **around}


def _end_suspension(now: Standing, event: Told, change: Members) -> None:
    why = now.tokens[change["token"]].get("suspension")
    if why is not None:
        since = datetime.fromisoformat(why["since"])
        now.stays.append(("exception", why["exception"], since, event.at, "completed"))


def _end_branch(now: Standing, _: Told, change: Members) -> None:
    token = now.tokens[change["token"]]
    token["done"] = [*token.get("done", ()), change["branch"]]


def _state(now: Standing, event: Told, change: Members) -> None:
    if now.state_since is not None:
        now.stays.append(("state", now.state, now.state_since, event.at, "completed"))
    now.state, now.state_since = change["state"], event.at


def _address(now: Standing, _: Told, change: Members) -> None:
    token = now.tokens[change["token"]]
    _put(token, "post", change["post"])
    _put(token, "person", None)


def _assign(now: Standing, _: Told, change: Members) -> None:
    _put(now.tokens[change["token"]], "person", change["person"])


def _suspend(now: Standing, event: Told, change: Members) -> None:
    now.tokens[change["token"]]["suspension"] = {
        "exception": change["exception"],
        "since": event.header["at"],
        "before": change["before"],
    }


def _resume(now: Standing, event: Told, change: Members) -> None:
    _end_suspension(now, event, change)
    _put(now.tokens[change["token"]], "suspension", None)


def _clock(now: Standing, _: Told, change: Members) -> None:
    name = "clock" if change["of"] == "due" else "limit"
    _put(now.tokens[change["token"]], name, change["clock"])


def _vote(now: Standing, _: Told, change: Members) -> None:
    token = now.tokens[change["token"]]
    vote = {name: value for name, value in change.items() if name not in {"do", "token"}}
    others = [each for each in token.get("votes", ()) if each["person"] != vote["person"]]
    token["votes"] = [*others, vote]


def _lapse(now: Standing, _: Told, change: Members) -> None:
    _put(now.tokens[change["token"]], "votes", None)


def _notice(now: Standing, event: Told, change: Members) -> None:
    token = now.tokens[change["token"]]
    token["notices"] = token.get("notices", 0) + 1
    told, post = token.get("told", []), change["post"]
    if post is not None and post not in told:
        token["told"] = [*told, post]
        # What is told of a block is told of the work inside.
        now.touched.update(dict.fromkeys(now.tokens, event.at))


def _want_cases(now: Standing, _: Told, change: Members) -> None:
    children = [{"case": name} for name in change["cases"]]
    _put(now.tokens[change["token"]], "children", children or None)


def _report_case(now: Standing, _: Told, change: Members) -> None:
    token = now.tokens[change["token"]]
    told = {name: value for name, value in change.items() if name not in {"do", "token"}}
    token["children"] = [
        told if child["case"] == told["case"] else child for child in token["children"]
    ]


def _perform(now: Standing, _: Told, change: Members) -> None:
    people = now.performers.setdefault(change["step"], [])
    if change["person"] not in people:
        people.append(change["person"])


def _owe(now: Standing, event: Told, change: Members) -> None:
    name, due = change["obligation"], change["due"]
    now.owed[name] = due
    now.settled.pop(name, None)
    now.duties[name] = ("owed", datetime.fromisoformat(due) if due else None, event.at, event.seq)


def _discharge(now: Standing, event: Told, change: Members) -> None:
    name = change["obligation"]
    due = now.owed.pop(name)
    now.settled[name] = change["why"]
    ends = datetime.fromisoformat(due) if due else None
    now.duties[name] = (change["why"], ends, event.at, event.seq)


def _propose(now: Standing, _: Told, change: Members) -> None:
    now.proposal = {name: value for name, value in change.items() if name != "do"}


def _carry(now: Standing, event: Told, change: Members) -> None:
    now.model = change["model"]
    # In another version all work may be other work.
    now.touched.update(dict.fromkeys(now.tokens, event.at))


def _rename(now: Standing, _: Told, change: Members) -> None:
    names: Mapping[str, str] = change["names"]
    match change["part"]:
        case "step":
            now.taken, now.entered = _agreed(now.taken, names), _summed(now.entered, names)
            now.performers = _gathered(now.performers, names)
        case "field":
            now.fields, now.changed = _by(now.fields, names), _summed(now.changed, names)
        case "state":
            now.state = names.get(now.state, now.state)
        case "obligation":
            now.owed, now.settled = _by(now.owed, names), _by(now.settled, names)
            now.duties = _by(now.duties, names)
        case "outcome":
            now.taken = {step: _known(step, each, names) for step, each in now.taken.items()}
        case _:
            pass
    for name, token in now.tokens.items():
        now.tokens[name] = _renamed(token, change["part"], names)


def _renamed(token: Members, part: str, names: Mapping[str, str]) -> Members:
    """Return a token that says the new names of what it holds of a part."""
    new = dict(token)
    if "suspension" in token and part in {"state", "exception"}:
        member = "before" if part == "state" else "exception"
        why = token["suspension"]
        new["suspension"] = {**why, member: names.get(why[member], why[member])}
    if part == "post":
        if "post" in token:
            new["post"] = names.get(token["post"], token["post"])
        if "told" in token:
            new["told"] = list(dict.fromkeys(names.get(post, post) for post in token["told"]))
        if "votes" in token:
            new["votes"] = [
                {**vote, "post": names.get(vote["post"], vote["post"])} for vote in token["votes"]
            ]
    if part == "field":
        for member in {"votes", "children"} & token.keys():
            new[member] = [
                {**each, "fields": _by(each["fields"], names)} if "fields" in each else each
                for each in token[member]
            ]
    return new


def _by(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in values.items()}


def _gathered(people: Mapping[str, list[str]], names: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step, who in people.items():
        there = found.setdefault(names.get(step, step), [])
        there += [person for person in who if person not in there]
    return found


def _known(step: str, taken: Members, names: Mapping[str, str]) -> Members:
    new = names.get(f"{step}/{taken['by']}")
    return {**taken, "by": new.split("/")[1]} if new else taken


def _agreed(taken: Mapping[str, Members], names: Mapping[str, str]) -> dict[str, Members]:
    """Return what was taken by new names; where two steps become one and differ, nothing is."""
    found: dict[str, Members] = {}
    for step, each in taken.items():
        new = names.get(step, step)
        found[new] = each if found.get(new, each) == each else {"by": None}
    return found


def _summed(counts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, count in counts.items():
        found[names.get(name, name)] = found.get(names.get(name, name), 0) + count
    return found


def _place(now: Standing, _: Told, change: Members) -> None:
    token = now.tokens[change["token"]]
    token["step"] = change["step"]
    _put(token, "branch", change["branch"])
    _put(token, "notices", change["notices"] or None)
    _put(token, "done", change.get("done"))


def _end_proposal(now: Standing, _: Told, __: Members) -> None:
    now.proposal = None


def _open_review(now: Standing, _: Told, change: Members) -> None:
    now.reviews[change["id"]] = {k: v for k, v in change.items() if k not in {"do", "id"}}


def _review(now: Standing, _: Told, change: Members) -> None:
    del now.reviews[change["id"]]


def _close(now: Standing, event: Told, _: Members) -> None:
    now.closed_at = event.at


def _put(token: Members, name: str, value: object) -> None:
    if value is None:
        token.pop(name, None)
    else:
        token[name] = value


_FOLLOWED: Mapping[str, Callable[[Standing, Told, Members], None]] = {
    "fields": _fields,
    "enter": _enter,
    "leave": _leave,
    "end-branch": _end_branch,
    "state": _state,
    "address": _address,
    "assign": _assign,
    "suspend": _suspend,
    "resume": _resume,
    "clock": _clock,
    "vote": _vote,
    "lapse-votes": _lapse,
    "notice": _notice,
    "want-cases": _want_cases,
    "report-case": _report_case,
    "perform": _perform,
    "owe": _owe,
    "discharge": _discharge,
    "propose": _propose,
    "carry": _carry,
    "rename": _rename,
    "place": _place,
    "lapse": _end_proposal,
    "decline": _end_proposal,
    "open-review": _open_review,
    "review": _review,
    "close": _close,
}
