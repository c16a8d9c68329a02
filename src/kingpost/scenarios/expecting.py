"""What a scenario expects, held against the case as it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kingpost.decisions.case import told_at
from kingpost.decisions.judging.clocks import calendar_named, wait_limit
from kingpost.decisions.refusals import listed
from kingpost.model.records.written import same
from kingpost.model.scenario import Expectation, Written
from kingpost.scenarios.world import World


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that is not as it was expected. path: of the property in the expectation.

    expected, instead: clauses in words. why: what led there, where the case knows it.
    """

    path: tuple[str, ...]
    expected: str
    instead: str
    why: str = ""


def mismatches(world: World, wanted: Expectation) -> Iterator[Mismatch]:
    """Yield everything that is not as it was expected, besides a refusal."""
    case = world.case
    if wanted.open is not None:
        yield from _open(world, wanted.open)
    if wanted.state is not None and case.state != wanted.state:
        yield Mismatch(("state",), f"the state is `{wanted.state}`", f"it is `{case.state}`")
    if wanted.closed is not None and case.is_closed is not wanted.closed:
        words = ("the case is closed", "the case is open")
        expected, instead = words if wanted.closed else words[::-1]
        yield Mismatch(("closed",), expected, f"{instead}, in `{case.state}`")
    yield from _record(world, wanted)
    yield from _decisions(world, wanted)
    yield from _obligations(world, wanted)
    yield from _terms(world, wanted)
    if wanted.reviews is not None:
        yield from _reviews(world, wanted.reviews)
    yield from _standing(world, wanted)


def _open(world: World, steps: tuple[str, ...]) -> Iterator[Mismatch]:
    standing = [token.step for token in world.open()]
    if sorted(standing) != sorted(steps):
        verb = "is" if len(steps) == 1 else "are"
        expected = f"{listed(steps)} {verb} open" if steps else "nothing is open"
        yield Mismatch(("open",), expected, world.stand())


def _reviews(world: World, steps: tuple[str, ...]) -> Iterator[Mismatch]:
    standing = [review.step for review in world.case.reviews.values()]
    if sorted(standing) != sorted(steps):
        yield Mismatch(("reviews",), _to_review(steps), _to_review(standing))


def _to_review(steps: Sequence[str]) -> str:
    if not steps:
        return "no override is to be reviewed"
    return f"an override of {listed(steps)} is to be reviewed"


def _record(world: World, wanted: Expectation) -> Iterator[Mismatch]:
    model, fields = world.program.model, world.rules.fields
    for name, written in wanted.record.items():
        kept = world.case.fields.get(name)
        if not same(model, fields[name], written, kept):
            instead = "it is empty" if kept is None else f"it is `{kept}`"
            why = world.answered.get(name, "")
            yield Mismatch(("record", name), f"`{name}` is `{_words(written)}`", instead, why)
    for name in wanted.empty:
        kept = world.case.fields.get(name)
        if kept is not None:
            yield Mismatch(("empty",), f"`{name}` is empty", f"it is `{kept}`")


def _words(written: Written) -> str:
    return written if isinstance(written, str) else ", ".join(written)


def _decisions(world: World, wanted: Expectation) -> Iterator[Mismatch]:
    for step, outcome in wanted.decided.items():
        taken = world.decided.get(step)
        if taken != outcome:
            instead = f"it was `{taken}`" if taken else "it was not taken"
            yield Mismatch(("decided", step), f"`{step}` was decided as `{outcome}`", instead)


def _obligations(world: World, wanted: Expectation) -> Iterator[Mismatch]:
    case = world.case
    for name, status in wanted.obligations.items():
        stands = "owed" if name in case.owed else case.settled.get(name, "not owed")
        if stands != status:
            due = case.owed.get(name)
            until = f" until {_written(world.in_zone(due))}" if due else ""
            path, expected = ("obligations", name), f"`{name}` is {status.value}"
            yield Mismatch(path, expected, f"it is {stands}{until}", _what_meets(world, name))


def _what_meets(world: World, obligation: str) -> str:
    """Return in words which steps make the evidence of an obligation, and when it applies."""
    duty = world.program.model.obligations[obligation]
    steps = listed(f"{workflow}/{step}" for workflow, step in duty.evidence.made_by)
    applies = f" when `{duty.applies}`" if duty.applies else ""
    return f"its evidence is made by {steps}{applies}"


def _terms(world: World, wanted: Expectation) -> Iterator[Mismatch]:
    for step, due in wanted.due.items():
        found = _end(world, step)
        if found is None or world.in_zone(found).replace(tzinfo=None) != due:
            expected = f"the term of `{step}` ends {_written(due)}"
            yield Mismatch(("due", step), expected, _term(world, step))
    for step in wanted.overdue:
        found = _end(world, step)
        if found is None or world.now <= found:
            yield Mismatch(("overdue",), f"`{step}` is overdue", _term(world, step))


def _standing(world: World, wanted: Expectation) -> Iterator[Mismatch]:
    for step, post in wanted.addressed.items():
        token = world.case.at(step)
        if token is None or token.post != post:
            found = f"it is addressed to {_named(token.post if token else None)}"
            instead = found if token else world.stand()
            yield Mismatch(("addressed", step), f"`{step}` is addressed to `{post}`", instead)
    for step, posts in wanted.escalated.items():
        token = world.case.at(step)
        told = told_at(world.case.tokens, token) if token else ()
        if token is None or told != posts:
            instead = _escalated(step, told) if token else world.stand()
            yield Mismatch(("escalated", step), _escalated(step, posts), instead)
    for step, exception in wanted.suspended.items():
        token = world.case.at(step)
        why = token.suspension if token else None
        if why is None or why.exception != exception:
            found = f"it stands still for `{why.exception}`" if why else "it is not suspended"
            instead = found if token else world.stand()
            expected = f"`{step}` stands still for `{exception}`"
            yield Mismatch(("suspended", step), expected, instead)


def _escalated(step: str, posts: tuple[str, ...]) -> str:
    return f"`{step}` is escalated to {listed(posts) if posts else 'nobody'}"


def _end(world: World, step: str) -> datetime | None:
    """Return when the term of an open step ends, or the limit of a wait that has no term."""
    token = world.case.at(step)
    if token is None:
        return None
    if token.clock is not None:
        return token.clock.due_at(calendar_named(world.program.model, token.clock.calendar))
    return wait_limit(world.rules, token)


def _term(world: World, step: str) -> str:
    found = _end(world, step)
    if found is not None:
        return f"it ends {_written(world.in_zone(found))}"
    token = world.case.at(step)
    if token is None:
        return world.stand()
    return "its clock stands still" if token.clock or token.limit else "it has no term"


def _named(post: str | None) -> str:
    return f"`{post}`" if post else "no post of its own"


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
