"""What an import came to, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    cases: int
    cases_total: int
    rows: int


@dataclass(slots=True)
class KindCount:
    """One kind of deviation. example: the first that was met, with its line."""

    count: int
    example: str


@dataclass(slots=True)
class Tally:
    """What is counted on the way, and kept with the import.

    rows = conforming + unchanged + deviating.
    """

    cases: int = 0
    events: int = 0
    conforming: int = 0
    unchanged: int = 0
    deviating: int = 0
    kinds: dict[str, KindCount] = field(default_factory=dict[str, KindCount])

    @property
    def rows(self) -> int:
        """Return how many rows were taken."""
        return self.conforming + self.unchanged + self.deviating

    def note(self, kind: str, example: str) -> None:
        """Count a deviation."""
        found = self.kinds.get(kind)
        if found is None:
            self.kinds[kind] = KindCount(1, example)
        else:
            found.count += 1

    def as_json(self) -> dict[str, Any]:
        """Return the tally as plain values."""
        return {
            "cases": self.cases,
            "events": self.events,
            "conforming": self.conforming,
            "unchanged": self.unchanged,
            "deviating": self.deviating,
            "kinds": {
                kind: {"count": item.count, "example": item.example}
                for kind, item in sorted(self.kinds.items(), key=lambda pair: -pair[1].count)
            },
        }


def read_tally(written: Mapping[str, Any]) -> Tally:
    """Read what `as_json` wrote; nothing is an empty tally."""
    kinds = {
        kind: KindCount(item["count"], item["example"])
        for kind, item in written.get("kinds", {}).items()
    }
    names = ("cases", "events", "conforming", "unchanged", "deviating")
    return Tally(**{name: written.get(name, 0) for name in names}, kinds=kinds)


@dataclass(frozen=True, slots=True)
class Report:
    """What an import came to.

    finished: False when it was stopped; the same import goes on from there.
    fresh:    rows taken by this call; the others were in already.
    later:    rows after the moment, left to be played on.
    seconds:  that this call took.
    """

    source: str
    tally: Tally
    cases_total: int
    finished: bool
    fresh: int
    later: int
    seconds: float

    @property
    def rate(self) -> float:
        """Return the rows taken in a second."""
        return self.fresh / self.seconds if self.seconds else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "source": self.source,
            **self.tally.as_json(),
            "rows": self.tally.rows,
            "cases-total": self.cases_total,
            "finished": self.finished,
            "rows-taken-now": self.fresh,
            "rows-after-the-moment": self.later,
            "seconds": round(self.seconds, 1),
            "rows-per-second": round(self.rate),
        }

    def as_text(self) -> str:
        """Return the report in words."""
        tally = self.tally
        state = "is in" if self.finished else "was stopped and can go on"
        words = [
            f"{self.source} {state}",
            f"  {tally.cases:,} of {self.cases_total:,} cases, {tally.events:,} events",
            f"  {tally.rows:,} rows",
            f"  conforming {tally.conforming:>9,}{_share(tally.conforming, tally.rows)}",
            f"  unchanged  {tally.unchanged:>9,}{_share(tally.unchanged, tally.rows)}",
            f"  deviating  {tally.deviating:>9,}{_share(tally.deviating, tally.rows)}",
        ]
        for kind, item in sorted(tally.kinds.items(), key=lambda pair: -pair[1].count):
            words.append(f"    {kind:<18} {item.count:>7,}  {item.example}")
        if self.later:
            words.append(f"  {self.later:,} rows lie after the moment")
        words.append(f"  {self.seconds:,.1f} s, {self.rate:,.0f} rows a second")
        return "\n".join(words)


def _share(part: int, whole: int) -> str:
    return f"  {100 * part / whole:5.1f} %" if whole else ""
