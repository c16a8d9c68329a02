"""Controls: whether a case stands behind one that it has not passed.

A control is a decision, a rule, or a step that makes evidence. A case may stand at a step when some
way leads there, on its record as it is, that has no control on it which the case has not passed. A
decision is passed by the outcome that was taken last, and by no other; a wait by what came last.
What a case stands at is not passed, nor what it passed in an earlier round and stands before again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from kingpost.decisions.carrying.passing import Passing
from kingpost.decisions.case import Case
from kingpost.decisions.program import WorkflowProgram


@dataclass(frozen=True, slots=True)
class Controls:
    """The controls before where a case stands that keep it from standing there.

    missed:  those that it has not passed. led: decisions that led it elsewhere, each with the
             outcome that was taken. unclear: decisions that were taken nobody knows how: by an
             outcome that is no more (its name), or before outcomes were kept (empty).
    """

    missed: tuple[str, ...] = ()
    led: Mapping[str, str] = field(default_factory=dict[str, str])
    unclear: Mapping[str, str] = field(default_factory=dict[str, str])


def controls(
    program: WorkflowProgram,
    case: Case,
    sure: frozenset[str] = frozenset(),
    *,
    anyhow: bool = False,
) -> Controls:
    """Return what keeps a case from standing where it does.

    program: whose steps the case is told in. A branch that is over counts as passed to its end.
    sure:    tokens about which somebody has said that they stand there, whatever is unclear.
    anyhow:  only what no record would have led round: every condition counts as open.
    """
    certain, doubtful = (
        Passing(program, case, anyhow=anyhow),
        Passing(program, case, anyhow=anyhow, strict=True),
    )
    unclear: dict[str, str] = {}
    for token in case.tokens.values():
        if token.step in program.places:
            certain.look_before(token)
            if token.id not in sure:
                doubtful.look_before(token)
    if not (certain.missed or certain.led):
        unclear = {name: doubtful.by(name) for name in doubtful.unclear}
    known = program.places
    return Controls(
        tuple(name for name in known if name in certain.missed),
        {name: certain.by(name) for name in known if name in certain.led},
        {name: unclear[name] for name in known if name in unclear},
    )


def still_ahead(
    program: WorkflowProgram, case: Case, moved: Collection[str], *, anyhow: bool = False
) -> frozenset[str]:
    """Return the steps before tokens that a map leads on, and that have not led them there.

    A repair may have put a case back before a decision that it had passed: it is not passed then.
    """
    passing = Passing(program, case, anyhow=anyhow)
    return frozenset(
        name
        for token in moved
        if token in case.tokens
        for name in passing.ahead(case.tokens[token])
    )


def as_counts(
    program: WorkflowProgram, case: Case, ahead: frozenset[str] = frozenset(), *, anyhow: bool
) -> Case:
    """Return a case with only what it has passed on its way to where it stands.

    Where it stands it may be led on from: that stay is no passing. Nor is one of an earlier round.
    program, anyhow: as in `controls`; the case runs on that version. ahead: as `still_ahead`.
    """
    passing = Passing(program, case, anyhow=anyhow)
    lost = {*ahead, *(token.step for token in case.tokens.values())}
    for token in case.tokens.values():
        lost.update(passing.not_before(token))
    return replace(
        case,
        entered={name: count for name, count in case.entered.items() if name not in lost},
        taken={name: taken for name, taken in case.taken.items() if name not in lost},
    )
