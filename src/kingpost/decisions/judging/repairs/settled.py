"""What a decision that was taken rested on: no repair corrects it behind that decision."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kingpost.decisions.case import Case, Repair, Token
from kingpost.decisions.judging.repairs.moving import is_to_come
from kingpost.decisions.program import WorkflowProgram
from kingpost.decisions.refusals import RefusedError
from kingpost.decisions.refusing.repairs import DecisionRestsOn
from kingpost.model.ruling.privacy import paths_of
from kingpost.model.workflow import DONE, Decision, JoinKind, Parallel, RuleStep


def refuse_settled(program: WorkflowProgram, case: Case, repair: Repair) -> None:
    """Refuse to correct what a decision rested on, unless that is certainly taken anew.

    Otherwise a small amount would be approved, and a large one paid. Whoever has the right moves
    the case back and decides, or forces the outcome, on the record as it is then.

    case: before the repair.
    """
    names = {name for name, _ in repair.fields}
    if not names:
        return
    comes = _Coming(program, _moved(case.tokens, repair), repair.task if repair.to else "")
    for step in program.workflow.all_steps():
        was_taken = case.entered.get(step.id, 0) and case.performers.get(step.id)
        if isinstance(step, Decision) and was_taken and not comes(step.id):
            rested = rests_on(program, step)
            for name in sorted(names):
                if _is_read(program, name, rested):
                    raise RefusedError(DecisionRestsOn(name, step.id))


def rests_on(program: WorkflowProgram, step: Decision) -> frozenset[str]:
    """Return the paths that the grants for a decision read, and the ways behind it.

    What a rule of the workflow stores in one of them reads counts as well.
    """
    found: set[str] = set()
    for item in step.outcomes:
        key = f"{step.id}/{item.id}"
        for each in (*program.rights.get(key, ()), *program.ways[key]):
            found |= each.when.reads if each.when else frozenset()
        allowed = (right.allowance for right in program.rights.get(key, ()))
        found |= {f"{program.object.id}.{each.of}" for each in allowed if each}
    waiting = {item.rule for item in program.workflow.all_steps() if isinstance(item, RuleStep)}
    # A rule may read what another one has stored.
    while True:
        feeding = {rule for rule in waiting if _feeds(program, rule, found)}
        if not feeding:
            return frozenset(found)
        waiting -= feeding
        found |= {path for rule in feeding for path in paths_of(program.book.rules, rule)}


def _feeds(program: WorkflowProgram, rule: str, paths: set[str]) -> bool:
    rules = (program.model.rules[name] for name in program.book.answers(rule))
    return any(_is_read(program, output.id, paths) for each in rules for output in each.outputs)


def _is_read(program: WorkflowProgram, name: str, paths: Iterable[str]) -> bool:
    """Tell whether a field is among paths: itself, a part of it, what holds it, or its changes."""
    for path in paths:
        of, _, read = path.partition(".")
        if of in {program.object.id, "changed"} and (
            read == name or read.startswith(f"{name}.") or name.startswith(f"{read}.")
        ):
            return True
    return False


def _moved(tokens: Mapping[str, Token], repair: Repair) -> list[Token]:
    """Return where a case stands when a repair has moved it, before it goes on from there."""
    if not repair.to:
        return list(tokens.values())
    left = {repair.task, *_inside(tokens, repair.task)}
    stays = [token for name, token in tokens.items() if name not in left]
    moved = tokens.get(repair.task)
    if moved is None or repair.to == DONE:
        return stays
    return [*stays, replace(moved, step=repair.to)]


def _inside(tokens: Mapping[str, Token], around: str) -> Iterator[str]:
    for name, token in tokens.items():
        if token.parent == around:
            yield name
            yield from _inside(tokens, name)


@dataclass(frozen=True, slots=True)
class _Coming:
    """What a case still comes to. moved: the token that comes to its step only now."""

    program: WorkflowProgram
    tokens: list[Token]
    moved: str

    def __call__(self, name: str) -> bool:
        """Tell whether the case certainly comes to a step, or is there."""
        place = self.program.places[name]
        here = next((token.step for token in self.tokens if token.step in place.block), None)
        if here is not None:
            return is_to_come(self.program, here, name)
        if place.parallel is None or self._is_inside(place.parallel):
            return False
        around = self.program.places[place.parallel].step
        assert isinstance(around, Parallel), "a branch stands in a parallel step"
        needed = around.join is JoinKind.ALL or place.branch in around.named
        first = next(iter(place.block))
        return needed and is_to_come(self.program, first, name) and self(around.id)

    def _is_inside(self, parallel: str) -> bool:
        return any(item.step == parallel and item.id != self.moved for item in self.tokens)
