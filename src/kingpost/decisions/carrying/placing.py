"""Where each token of a case stands in another version: kept, moved, or nobody can tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kingpost.decisions.carrying.judged import Question
from kingpost.decisions.carrying.names import Names
from kingpost.decisions.case import Case, Plain, Token
from kingpost.decisions.judging.ladders.notices import ladder_of
from kingpost.decisions.program import Place, WorkflowProgram
from kingpost.decisions.versions.renaming import Part, Placed
from kingpost.model.objects import FieldType
from kingpost.model.records.values import fits
from kingpost.model.workflow import Call, Decision, Parallel, Run, Step, Task, Wait

# Work that stays what it is when its step becomes another of these.
_WORK = (Task, Decision, Wait)


@dataclass(frozen=True, slots=True)
class Sides:
    """A workflow in both versions, and what the parts of the old one are called in the new one.

    keeper: the post that keeps the workflow, and is asked about its cases.
    """

    old: WorkflowProgram
    new: WorkflowProgram
    names: Names
    keeper: str


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the tokens of a case stand in the new version.

    kept:  by token, its place; in the order of the tokens. moved: tokens that are left, each with
           the step that is come to. Neither holds what stands inside of one that is moved.
    """

    kept: Mapping[str, Placed]
    moved: Mapping[str, str]


def place(sides: Sides, case: Case) -> Placing | tuple[Question, ...]:
    """Return where a case stands in the new version, or what somebody has to say about it."""
    kept: dict[str, Placed] = {}
    moved: dict[str, str] = {}
    asked: list[Question] = []
    lines = set[tuple[str, str | None]]()
    for token in _outermost_first(case):
        if token.parent is not None and token.parent not in kept:
            continue  # It is left with the token around it.
        found = _place(sides, kept, token)
        if not isinstance(found, Question) and token.parent is not None:
            step = found if isinstance(found, str) else found.step
            line = token.parent, sides.new.places[step].branch
            if line in lines:
                found = _question(sides, token, f"has `{step}` in a branch where it stands already")
            lines.add(line)
        if isinstance(found, Placed):
            kept[token.id] = found
        elif isinstance(found, str):
            moved[token.id] = found
        else:
            asked.append(found)
            return tuple(asked)
    asked += _unfit(sides, case)
    return tuple(asked) or Placing(kept, moved)


def _outermost_first(case: Case) -> Iterator[Token]:
    waiting: list[str | None] = [None]
    inside: dict[str | None, list[Token]] = {}
    for name in sorted(case.tokens):
        token = case.tokens[name]
        inside.setdefault(token.parent, []).append(token)
    while waiting:
        for token in inside.get(waiting.pop(0), ()):
            yield token
            waiting.append(token.id)


def _place(sides: Sides, kept: Mapping[str, Placed], token: Token) -> Placed | str | Question:
    before = sides.old.places[token.step].step
    target = sides.names.placed.get(token.step) or sides.names.new(Part.STEP, token.step)
    if target is None or target not in sides.new.places:
        return _question(sides, token, "has no such step, and no map says where its cases go")
    found = sides.new.places[target]
    around = kept[token.parent] if token.parent else None
    if not _is_beside(sides, found, around):
        return _question(sides, token, f"has `{target}` in another block")
    if around is not None and not _has_room(sides, token, found):
        return _question(sides, token, f"has `{target}` in another branch")
    if token.step in sides.names.placed or not _stays(before, found.step):
        if token.suspension is not None or token.step in sides.old.workflow.errands:
            return _question(sides, token, "has another step there, and it stands still here")
        return target
    return _differs(sides, token, before, found.step) or _placed(sides, token, found)


def _is_beside(sides: Sides, found: Place, around: Placed | None) -> bool:
    """Tell whether a step stands where the token around it is; what is beside stands anywhere."""
    if found.step.id in sides.new.workflow.errands:
        return True
    return found.parallel == (around.step if around else None)


def _has_room(sides: Sides, token: Token, found: Place) -> bool:
    """Tell whether a token may go on in a branch: in its own, or in a new one where that is gone.

    Each branch goes on by itself: what left one that is there would begin it anew, and double the
    other.
    """
    if found.branch == token.branch or found.step.id in sides.new.workflow.errands:
        return True
    old = sides.old.places[token.step].parallel
    new = found.parallel
    before = sides.old.places[old].step if old else None
    after = sides.new.places[new].step if new else None
    if not (isinstance(before, Parallel) and isinstance(after, Parallel)):
        return True
    is_there = token.branch in {branch.id for branch in after.branches}
    was_there = found.branch in {branch.id for branch in before.branches}
    return not (is_there or was_there)


def _stays(before: Step, after: Step) -> bool:
    if isinstance(before, _WORK):
        return isinstance(after, _WORK)
    return type(before) is type(after)


def _differs(sides: Sides, token: Token, before: Step, after: Step) -> Question | None:
    """Return what cannot be carried over as it is: it is under way outside of the case."""
    if isinstance(before, Call) and isinstance(after, Call):
        asked = sides.old.askings[before.id], sides.new.askings[after.id]
        if asked[0].interface != asked[1].interface or asked[0].contract != asked[1].contract:
            return _question(sides, token, "asks another way, and an answer is under way")
    if isinstance(before, Run) and isinstance(after, Run):
        told = [(step.workflow, step.waits, step.each) for step in (before, after)]
        if told[0] != told[1] or before.brings != after.brings:
            return _question(sides, token, "begins other cases, and these are under way")
    return _suspended(sides, token) or _ended(sides, token, after)


def _suspended(sides: Sides, token: Token) -> Question | None:
    """Return what keeps a step that stands still from standing still in the new version."""
    why, new = token.suspension, sides.names.new
    if why is None:
        return None
    known = new(Part.EXCEPTION, why.exception) or why.exception
    found = sides.new.workflow.exception(known)
    if found is None or found.divert is not None or found.alongside is not None:
        told = f"knows no suspension `{why.exception}`, by which it stands still"
        return _question(sides, token, told)
    if new(Part.STATE, why.state_before) is None:
        return _question(sides, token, f"has no state `{why.state_before}` to return to")
    return None


def _ended(sides: Sides, token: Token, after: Step) -> Question | None:
    if not isinstance(after, Parallel):
        return None
    known = {branch.id for branch in after.branches}
    gone = next((name for name in token.done if name not in known), None)
    if gone is not None and gone in after.named:
        return _question(sides, token, f"has no branch `{gone}`, which is over")
    return None


def _placed(sides: Sides, token: Token, found: Place) -> Placed:
    step = found.step
    known = {branch.id for branch in step.branches} if isinstance(step, Parallel) else set[str]()
    done = tuple(name for name in token.done if name in known)
    before = sides.old.places[token.step].step
    return Placed(token.id, step.id, found.branch, _notices(before, step, token.notices), done)


def _notices(before: Step, after: Step, given: int) -> int:
    """Return how many notices of a step count as given when so many of another one were."""
    warned, _ = ladder_of(before)
    warns, others = ladder_of(after)
    climbed = max(0, given - warned)
    counts = warns if given > 0 and (climbed or warned) else 0
    return counts + min(climbed, others)


def _unfit(sides: Sides, case: Case) -> Iterator[Question]:
    """Yield what of the record has no place in the new version."""
    item, names = sides.new.object, sides.names
    part = f"object/{item.id}"
    for name in sorted(case.fields):
        to = names.new(Part.FIELD, name)
        if to is not None:
            value = value_of(sides, to, case.fields[name])
            if not fits(sides.new.fields[to], value, sides.new.model.posts):
                why = f"`{to}` does not take what the case has recorded"
                yield Question(f"{part}/field/{to}", why, item.custodian)
    if names.new(Part.STATE, case.state) is None:
        why = f"there is no state `{case.state}`, in which the record is"
        yield Question(f"object/{sides.old.object.id}/state/{case.state}", why, item.custodian)


def value_of(sides: Sides, field: str, value: Plain) -> Plain:
    """Return a value as the new version keeps it: a post by its new name."""
    is_post = sides.new.fields[field].type is FieldType.POST
    return sides.names.new(Part.POST, str(value)) or value if is_post else value


def _question(sides: Sides, token: Token, why: str) -> Question:
    part = f"workflow/{sides.old.workflow.id}/step/{token.step}"
    return Question(part, f"the new version {why}", sides.keeper)
