"""What overrides leave open: the time in which one can be confirmed, and the reviews to be made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from kingpost.audit.company import Declared
from kingpost.audit.folding import Standing
from kingpost.audit.telling import Members, Told
from kingpost.values.identity import derive

_MINUTE = timedelta(minutes=1)
_Late: TypeAlias = tuple[datetime, datetime | None]
_Acted: TypeAlias = tuple[datetime, str]


def lapses_of(case: object, now: Standing) -> dict[str, tuple[datetime, int]]:
    """Return the notice by which an override lapses that waits to be confirmed."""
    proposal = now.proposal or {}
    if "until" not in proposal:
        return {}
    name = str(derive(f"{case}/{proposal['event']}/lapse"))
    return {name: (datetime.fromisoformat(proposal["until"]), 0)}


def reviews_of(declared: Declared, workflow: str, now: Standing) -> dict[str, dict[str, object]]:
    """Return the open work that the reviews of a case are."""
    return {
        name: {
            "workflow": workflow,
            "step": review["step"],
            "kind": "review",
            "role": "",
            "post": review["post"],
            "person": None,
            "opened_at": datetime.fromisoformat(review["since"]),
            "due_at": _due(declared, review),
            "budget_ms": review["clock"]["budget-ms"],
            "spent_ms": 0,
            "suspended": None,
            "limit_at": None,
            "told": [],
            "ends_at": _due(declared, review),
        }
        for name, review in now.reviews.items()
    }


def _due(declared: Declared, review: Members) -> datetime:
    clock = review["clock"]
    since, calendar = datetime.fromisoformat(clock["since"]), declared.calendar(clock["calendar"])
    return calendar.add(since, clock["budget-ms"] / 1000)


@dataclass(slots=True)
class Unreviewed:
    """Whether posts overrode although a review of theirs was overdue, in whatever case.

    late:  by post, from when to when a review of its overrides was overdue; None for until now.
    acted: by post, when and in which case it went beyond its authority.
    """

    late: dict[str, list[_Late]] = field(default_factory=dict[str, list[_Late]])
    acted: dict[str, list[_Acted]] = field(default_factory=dict[str, list[_Acted]])

    def note(self, declared: Declared, place: str, told: list[Told]) -> None:
        """Note what the events of a case say of this."""
        opened: dict[str, Members] = {}
        for event in told:
            for change in event.changes:
                if change["do"] == "open-review":
                    opened[change["id"]] = change
                    self.acted.setdefault(change["by"], []).append((event.at, place))
                elif change["do"] == "propose" and "until" in change:
                    self.acted.setdefault(change["post"], []).append((event.at, place))
                elif change["do"] == "review" and change["id"] in opened:
                    self._late(declared, opened.pop(change["id"]), event.at)
        for review in opened.values():
            self._late(declared, review, None)

    def _late(self, declared: Declared, review: Members, until: datetime | None) -> None:
        due = _due(declared, review)
        if until is None or until > due:
            self.late.setdefault(review["by"], []).append((due, until))

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield each override by a post that had to wait for a review."""
        for post, acts in sorted(self.acted.items()):
            for at, place in acts:
                # Between reading the time and writing down, a review may become overdue.
                if any(
                    due + _MINUTE < at and (until is None or at < until)
                    for due, until in self.late.get(post, ())
                ):
                    words = f"`{post}` overrode at {at:%Y-%m-%d %H:%M:%S} UTC while a review of"
                    yield "I7", place, f"{words} an earlier override of it was overdue"
