"""The register as it was known at any moment, from the history that nobody can change."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import TypeAlias

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.audit.company import Models
from kingpost.audit.organising import changes
from kingpost.audit.telling import Told
from kingpost.model.model import Model
from kingpost.model.organisation import Vacancy
from kingpost.store import whole

# Known since when, and from when until when it counts as known then.
_Entry: TypeAlias = tuple[datetime, datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Lent:
    """A delegation: of which appointment, to whom, and how far."""

    appointment: str
    person: str
    workflows: tuple[str, ...]
    outcomes: tuple[str, ...]
    condition: str | None


class Register:
    """Appointments, delegations and absences, each as it was known at a moment.

    appointments: person and post, by id. kinds: of each. It is read whole: a register has people,
    not cases.
    """

    def __init__(self, connection: Connection[DictRow], models: Models) -> None:
        """Read the register and its history over a connection that sees one moment."""
        rows = connection.execute("SELECT id, person, post, kind FROM appointment").fetchall()
        self.appointments = {str(row["id"]): (row["person"], row["post"]) for row in rows}
        self.kinds: dict[str, str] = {str(row["id"]): row["kind"] for row in rows}
        self._models = models
        self.changes = changes.read(connection)
        self.lent = {
            name: Lent(
                str(row["appointment"]),
                row["person"],
                tuple(row["workflows"]),
                tuple(row["outcomes"]),
                row["condition"],
            )
            for name, row in whole.all_delegations(connection).items()
        }
        self._held: dict[str, list[str]] = defaultdict(list)
        for name, (_, post) in self.appointments.items():
            self._held[post].append(name)
        self._away: dict[str, list[str]] = defaultdict(list)
        for row in connection.execute("SELECT id, person FROM absence").fetchall():
            self._away[row["person"]].append(str(row["id"]))
        self._entries: dict[str, list[_Entry]] = defaultdict(list)
        for row in connection.execute(
            "SELECT subject, recorded_at, from_at, until_at FROM register_entry ORDER BY position"
        ).fetchall():
            entry = (row["recorded_at"], row["from_at"], row["until_at"])
            self._entries[str(row["subject"])].append(entry)
        self._gaps = whole.register_gaps(connection)

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Yield what the register says and its history does not."""
        for row in self._gaps:
            words = "it is not what the history of the register says"
            yield "I7", f"{row['name']} {row['id']}", words

    def counts(self, subject: str, at: datetime) -> bool:
        """Tell whether something counted at a moment, by what was known then."""
        entries = self._entries.get(subject, [])
        known = bisect_right(entries, at, key=itemgetter(0))
        if known == 0:
            return False
        _, start, stop = entries[known - 1]
        return start is not None and start <= at and (stop is None or at < stop)

    def is_of(self, right: str, person: str, post: str, at: datetime) -> bool:
        """Tell whether an appointment gave somebody what a post does, at a moment."""
        holder, held = self.appointments.get(right, ("", ""))
        same = held == post or self.changes.acted_for(held, post, at)
        return holder == person and same

    def went_on(self, right: str, event: Told) -> bool:
        """Tell whether who held an appointment had not left when an event was recorded."""
        return self.ran(self.changes.went_on(right, event.recorded), event)

    def ran(self, subject: str, event: Told) -> bool:
        """Tell whether something counted when an event was decided, and when it was recorded."""
        return self.counts(subject, event.recorded) and self.counts(subject, event.decided)

    def is_held(self, post: str, at: datetime) -> bool:
        """Tell whether somebody held a post at a moment, was not away, and might act in it.

        A post of an earlier version was held when the one was that had taken it over.
        """
        post = self.changes.first(post, at)
        return any(
            self.counts(name, at)
            and not self._is_away(self.appointments[name][0], at)
            and self._might_act(name, post, at)
            for name in self._held.get(post, ())
        )

    def _might_act(self, name: str, post: str, at: datetime) -> bool:
        """Tell whether a post was for whom it was held by: people, or an agent under a person."""
        if self.kinds[name] == "agent":
            return self.answering(post, at) is not None
        return self._models.answered_for_by(post, at) is None

    def heir(self, post: str, event: Told) -> str:
        """Return the post that answered for one, which the model of then may not have had."""
        return self._models.heir(post, event.recorded)

    def answering(self, post: str, at: datetime) -> str | None:
        """Return the appointment of the one person who answered for an agent; None for nobody."""
        by = self._models.answered_for_by(self.changes.first(post, at), at)
        people = [
            name
            for name in self._held.get(by or "", ())
            if self.counts(name, at) and self.kinds[name] != "agent"
        ]
        return people[0] if len(people) == 1 else None

    def stands_in(self, model: Model, post: str, other: str, at: datetime) -> bool:
        """Tell whether another post acted at a moment for one that nobody held."""
        seen: set[str] = set()
        current: str | None = post
        while current is not None and current not in seen and not self.is_held(current, at):
            seen.add(current)
            declared = model.posts[current]
            if declared.vacancy is Vacancy.SUPERIOR:
                current = declared.reports_to
            elif declared.vacancy is Vacancy.POST:
                current = declared.falls_to
            else:
                return False
            if current == other and self.is_held(other, at):
                return True
        return False

    def _is_away(self, person: str, at: datetime) -> bool:
        return any(self.counts(name, at) for name in self._away.get(person, ()))
