"""What a change was foreseen to do to every live case, known by a digest of what it says."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.written.times import instant
from kingpost.proof.canonical import canonical, digest

# How much attention a verdict asks for. A plan is stale where a case would ask for more of it.
_ATTENTION: Mapping[Verdict, int] = {
    Verdict.UNAFFECTED: 0,
    Verdict.CARRIES: 0,
    Verdict.STAYS: 1,
    Verdict.ASKS: 2,
    Verdict.REFUSED: 3,
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a plan says of one live case.

    model, seq: its version of the model, and its own, when it was judged.
    later:      it goes over at its next step. reasons: sentences, without any value of the record.
    """

    case: UUID
    number: str
    workflow: str
    model: str
    seq: int
    verdict: Verdict
    later: bool
    reasons: tuple[str, ...]

    def line(self) -> bytes:
        """Return what the digest of a plan counts of it."""
        told = [self.verdict.value, self.later, list(self.reasons)]
        return canonical([str(self.case), self.model, self.seq, *told]) + b"\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """A change as it was judged at one moment.

    running:   the version that ran. version: the one that is to take effect.
    policies:  by workflow, how its cases go over and where, as it is written down; cases of others
               stay.
    scenarios: how many stories about the model were tried. failed: which of them failed.
    cases_number, cases_digest: how many live cases it says something of, and a digest of that.
    """

    running: str
    version: str
    policies: Mapping[str, Any]
    at: datetime
    scenarios: int
    failed: tuple[str, ...]
    cases_number: int
    cases_digest: str

    @property
    def digest(self) -> str:
        """Return the digest of all that the plan says, which is its name."""
        return digest(
            canonical(
                {
                    "running": self.running,
                    "version": self.version,
                    "policies": dict(self.policies),
                    "at": instant(self.at),
                    "scenarios": self.scenarios,
                    "failed": list(self.failed),
                    "cases": self.cases_number,
                    "cases-digest": self.cases_digest,
                }
            )
        )


def digest_of(cases: Iterable[Foreseen]) -> str:
    """Return the digest of what is said of cases, which come by their ids."""
    found = sha256()
    for each in cases:
        found.update(each.line())
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Worse:
    """A case of which a plan no longer holds. planned: None for one that began since."""

    number: str
    planned: Verdict | None
    now: Verdict

    def __str__(self) -> str:
        was = f"it was to be `{self.planned.value}`" if self.planned else "it began since"
        return f"{self.number}: `{self.now.value}` now; {was}"


def worse(
    planned: Mapping[UUID, Verdict], now: Iterable[tuple[UUID, str, Verdict]]
) -> Iterator[Worse]:
    """Yield the cases that would ask for more attention now than a plan says.

    One that began since counts when somebody would have to decide of it, or it is refused: that
    it goes over or stays is what the policy says of all.

    now: the id, the number and the verdict of each live case.
    """
    for case, number, verdict in now:
        was = planned.get(case)
        if _ATTENTION[verdict] > _ATTENTION[was or Verdict.STAYS]:
            yield Worse(number, was, verdict)
