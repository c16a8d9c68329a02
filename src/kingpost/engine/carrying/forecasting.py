"""What would become of live cases if a version took effect: each is judged, and nothing is done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kingpost.decisions.carrying.judged import Judged, Policy, Verdict
from kingpost.decisions.planned.plan import Foreseen
from kingpost.decisions.program import Program
from kingpost.engine.carrying.applying import judge_live
from kingpost.engine.company import Company

_WORDS: Mapping[Verdict, str] = {
    Verdict.UNAFFECTED: "not affected",
    Verdict.CARRIES: "carry over",
    Verdict.STAYS: "stay on their version",
    Verdict.ASKS: "need a decision",
    Verdict.REFUSED: "refused",
}
LATER = "carry over at their next step"
# In the order in which they ask for attention.
OUTCOMES = (
    _WORDS[Verdict.REFUSED],
    _WORDS[Verdict.ASKS],
    _WORDS[Verdict.CARRIES],
    LATER,
    _WORDS[Verdict.STAYS],
    _WORDS[Verdict.UNAFFECTED],
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What would become of one live case.

    foreseen: as a plan says it; its reasons tell what becomes different for the case, what has to
              be decided and by which post, or why it stays or is refused.
    alone:    sentences that tell times of this case, such as when its work is due then.
    """

    foreseen: Foreseen
    alone: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """Return one of `OUTCOMES`."""
        return LATER if self.foreseen.later else _WORDS[self.foreseen.verdict]


def forecast(
    company: Company, new: Program, policies: Mapping[str, Policy], now: datetime
) -> Iterator[Expected]:
    """Yield what would become of every live case of another version, as all stand at one moment."""
    for case, judged in judge_live(company, new, policies, now):
        alone = tuple(each.sentence for each in judged.different if each.alone)
        reasons = tuple(_reasons(judged))
        told = (judged.verdict, judged.later, reasons)
        foreseen = Foreseen(case.id, case.number, case.workflow, case.model, case.version, *told)
        yield Expected(foreseen, alone)


def _reasons(judged: Judged) -> Iterator[str]:
    if judged.why:
        yield judged.why
    elif judged.questions:
        yield from (f"`{each.post}` decides: {each.why}" for each in judged.questions)
    elif judged.verdict is not Verdict.UNAFFECTED:
        yield from (each.sentence for each in judged.different if not each.alone)
