"""Judging a live case against another version of the model, and carrying it over.

Nothing is done here that a case could tell from any other event: the same changes, folded by the
same code, and nothing is read from outside.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

from kingpost.checks.workflows.flow import Passages, passages
from kingpost.decisions.carrying.alike import Alike
from kingpost.decisions.carrying.controls import Controls, as_counts, controls, still_ahead
from kingpost.decisions.carrying.differing import differing
from kingpost.decisions.carrying.judged import Different, Judged, Policy, Question, Verdict
from kingpost.decisions.carrying.meeting import meets
from kingpost.decisions.carrying.moving import Move, carry, foresee
from kingpost.decisions.carrying.names import names_between
from kingpost.decisions.carrying.placing import Placing, Sides, place
from kingpost.decisions.carrying.wording import without_values
from kingpost.decisions.case import Case
from kingpost.decisions.changes import Draft
from kingpost.decisions.commands import Facts
from kingpost.decisions.program import Program
from kingpost.decisions.refusals import RefusedError
from kingpost.decisions.versions.renaming import Part
from kingpost.model.assurance import CarryOver
from kingpost.model.custody import custodian_of
from kingpost.model.workflow import OPEN_WORK


def judge(
    old: Program,
    new: Program,
    case: Case,
    policy: Policy,
    facts: Facts,
    between: tuple[Program, ...] = (),
) -> Judged:
    """Judge one live case. Of many, `Carrying` works out once what they have in common."""
    return Carrying(old, new, policy, between).judge(case, facts)


@dataclass(frozen=True, slots=True)
class _Flow:
    """A workflow in both versions.

    before, after: in which states its cases stand at each step.
    missed: the controls that cases lack, of which one was looked at, by what they have alike.
    """

    sides: Sides
    before: Passages
    after: Passages
    alike: Alike
    missed: dict[Hashable, Controls] = field(default_factory=dict[Hashable, Controls])


@dataclass(slots=True)
class Carrying:
    """Judges cases of one version against another, and keeps what those at one place share.

    old:     of the version that the cases run on. No program, nor what is kept, ever changes.
    between: of the versions that took effect between the two, in their order.
    """

    old: Program
    new: Program
    policy: Policy
    between: tuple[Program, ...] = ()
    _flows: dict[str, _Flow | str] = field(default_factory=dict[str, "_Flow | str"])
    _ahead: dict[tuple[str, frozenset[str], frozenset[str]], tuple[Different, ...]] = field(
        default_factory=dict[tuple[str, frozenset[str], frozenset[str]], tuple[Different, ...]]
    )

    def judge(self, case: Case, facts: Facts, *, dry: bool = False) -> Judged:
        """Return what becomes of a live case. facts: the time, a seed, and nobody who acts.

        dry: without the transition, which costs most of it.
        """
        assert not case.is_closed, "a case that has ended stays as it ended"
        flow = self._flow(case.workflow)
        if isinstance(flow, str):
            return Judged(Verdict.STAYS, flow)
        placing = place(flow.sides, case)
        met = self._differing(flow.sides, case)
        missed = self._missed(flow, case, placing)
        stands = isinstance(placing, Placing) and not placing.moved
        if stands and not (met or missed.missed or missed.led):
            return Judged(Verdict.UNAFFECTED)
        if self.policy.carry_over is CarryOver.STAY:
            return Judged(Verdict.STAYS, "cases in flight end on their version", met)
        if self._is_early(case):
            # Where it stands then is not where it stands now: nothing is asked or refused before.
            return Judged(Verdict.CARRIES, different=met, later=True)
        if not isinstance(placing, Placing):
            return Judged(Verdict.ASKS, different=met, questions=placing)
        if missed.missed or missed.led:
            return Judged(Verdict.REFUSED, _behind(missed), met)
        asked = _stranded(flow, case, placing) or _under_review(flow, case)
        asked = asked or _unclear(flow.sides, missed)
        if asked:
            return Judged(Verdict.ASKS, different=met, questions=asked)
        move = Move(flow.sides, self.new.version, case, placing, self.policy, facts)
        return _carried(move, met, dry=dry)

    @property
    def looked(self) -> int:
        """Return how many cases were looked at for what they lack; the others are like them."""
        return sum(len(flow.missed) for flow in self._flows.values() if isinstance(flow, _Flow))

    def _missed(self, flow: _Flow, case: Case, placing: Placing | tuple[Question, ...]) -> Controls:
        """Return the controls before where a case would stand that only the new version wants."""
        if not isinstance(placing, Placing):
            return Controls()
        key = flow.alike.key(case, placing)
        found = flow.missed.get(key)
        if found is None:
            found = flow.missed[key] = self._looked(flow.sides, case, placing)
        return found

    def _looked(self, sides: Sides, case: Case, placing: Placing) -> Controls:
        """Look whether a case has passed each control before where it would stand."""
        said = self.policy.positions.get(case.workflow, {})
        sure = frozenset(name for name, token in case.tokens.items() if token.step in said)

        def held(*, anyhow: bool) -> Controls:
            ahead = still_ahead(sides.old, case, placing.moved, anyhow=anyhow)
            counts = as_counts(sides.old, case, ahead, anyhow=anyhow)
            placed = _as_placed(sides, counts, placing)
            before = controls(sides.old, case, anyhow=anyhow)
            after = controls(sides.new, placed, sure, anyhow=anyhow)
            return _held(sides, before, after, ahead)

        by_record, anyhow = held(anyhow=False), held(anyhow=True)
        missed = tuple(dict.fromkeys((*by_record.missed, *anyhow.missed)))
        return Controls(missed, {**by_record.led, **anyhow.led}, by_record.unclear)

    def _is_early(self, case: Case) -> bool:
        """Tell whether a case has still to come to its next step."""
        if self.policy.carry_over is not CarryOver.AT_NEXT_STEP:
            return False
        since, places = self.policy.since, self.old.workflows[case.workflow].places
        return since is None or any(
            token.since < since
            for token in case.tokens.values()
            if isinstance(places[token.step].step, OPEN_WORK)
        )

    def _flow(self, name: str) -> _Flow | str:
        if name not in self._flows:
            self._flows[name] = self._made(name)
        return self._flows[name]

    def _made(self, name: str) -> _Flow | str:
        old, new = self.old.workflows[name], self.new.workflows.get(name)
        if new is None:
            return f"the new version has no workflow `{name}`"
        if old.object.id not in {new.object.id, new.object.was}:
            return f"`{name}` works on another business object in the new version"
        known = [each.workflows[name] for each in self.between if name in each.workflows]
        between = known if len(known) == len(self.between) else ()
        names = names_between(old, new, self.policy.positions.get(name, {}), between)
        keeper = custodian_of(new.model, f"workflow/{name}") or new.workflow.owner
        sides = Sides(old, new, names, keeper)
        return _Flow(
            sides,
            passages(old.workflow, old.object),
            passages(new.workflow, new.object),
            Alike.of(sides),
        )

    def _differing(self, sides: Sides, case: Case) -> tuple[Different, ...]:
        here = frozenset(token.step for token in case.tokens.values())
        owed = frozenset(case.owed)
        key = (case.workflow, here, owed)
        if key not in self._ahead:
            names = sides.names
            steps = {names.placed.get(one) or names.new(Part.STEP, one) for one in here}
            duties = {names.new(Part.OBLIGATION, name) for name in owed}
            before = meets(sides.old, here, owed)
            after = meets(sides.new, _known(steps), _known(duties))
            self._ahead[key] = differing(before, after)
        return self._ahead[key]


def _carried(move: Move, met: tuple[Different, ...], *, dry: bool) -> Judged:
    case = move.case
    try:
        transition, own = (None, foresee(move)) if dry else carry(move)
    except RefusedError as refused:
        part = f"workflow/{case.workflow}"
        question = Question(part, without_values(refused.refusal), move.sides.keeper)
        return Judged(Verdict.ASKS, different=met, questions=(question,))
    sentences = {item.sentence for item in own}
    rest = tuple(item for item in met if item.sentence not in sentences)
    return Judged(Verdict.CARRIES, different=(*own, *rest), transition=transition)


def _known(names: Iterable[str | None]) -> list[str]:
    return sorted(name for name in names if name is not None)


def _held(sides: Sides, before: Controls, after: Controls, ahead: frozenset[str]) -> Controls:
    """Return controls of the new version that were not lacking by the old one already.

    ahead: of the old one, what a case has still to pass, and did not lack therefore.
    """
    steps = sides.names.of[Part.STEP]
    lacked = {*before.missed, *before.led} - ahead
    here = {steps.get(name, name) for name in lacked}
    return Controls(
        tuple(name for name in after.missed if name not in here),
        {name: by for name, by in after.led.items() if name not in here},
        after.unclear,
    )


def _behind(missed: Controls) -> str:
    """Return why a case may not stand where it would, as a clause."""
    names = ", ".join(f"`{name}`" for name in missed.missed)
    told = [f"it stands behind {names}, which it has not passed"] if names else []
    told += [
        f"`{name}` has led it elsewhere, by `{by}`, and not to where it stands"
        for name, by in missed.led.items()
    ]
    return "; ".join(told)


def _unclear(sides: Sides, missed: Controls) -> tuple[Question, ...]:
    """Return what is asked about decisions of which nobody knows where they lead now."""
    return tuple(
        Question(
            f"workflow/{sides.new.workflow.id}/step/{name}",
            f"`{name}` was decided by `{by}`, an outcome that the new version does not have"
            if by
            else f"it is not known by which outcome `{name}` was decided",
            sides.keeper,
        )
        for name, by in missed.unclear.items()
    )


def _as_placed(sides: Sides, case: Case, placing: Placing) -> Case:
    """Return a case as the new version would have it, before anything else is done to it."""
    draft = Draft(case, case.latest)
    for change in (*sides.names.changes(), *placing.kept.values()):
        draft.apply(change)
    tokens = {name: draft.tokens[name] for name in placing.kept}
    for name, target in placing.moved.items():
        tokens[name] = replace(draft.tokens[name], step=target, done=())
    draft.tokens = tokens
    return draft.finish(case.version, case.head)


def _under_review(flow: _Flow, case: Case) -> tuple[Question, ...]:
    """Return what is asked while an override is to be reviewed: a review follows no renaming."""
    why = "an override in it is still to be reviewed"
    part = f"workflow/{case.workflow}"
    return (Question(part, why, flow.sides.keeper),) if case.reviews else ()


def _stranded(flow: _Flow, case: Case, placing: Placing) -> tuple[Question, ...]:
    """Return what is asked where no case of the new version ever stands in such a state."""
    sides = flow.sides
    for name, placed in placing.kept.items():
        token = case.tokens[name]
        state = token.suspension.state_before if token.suspension else case.state
        if state not in flow.before.inside.get(token.step, ()):
            continue
        part = f"workflow/{case.workflow}/step/{placed.step}"
        inside = flow.after.inside.get(placed.step)
        if inside is None:
            why = f"no way of the new version leads to `{placed.step}`"
            return (Question(part, why, sides.keeper),)
        there = sides.names.new(Part.STATE, state)
        wanted = sides.new.places[placed.step].step.state
        if there not in inside and wanted is None:
            why = f"no case of the new version stands at `{placed.step}` in state `{there}`"
            return (Question(part, why, sides.keeper),)
    return ()
