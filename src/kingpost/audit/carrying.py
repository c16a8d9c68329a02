"""Cases that went over to another version: that nothing of them was lost, doubled or skipped."""

from collections.abc import Iterator, Mapping

from kingpost.audit.company import Declared
from kingpost.audit.duties import used_ms
from kingpost.audit.flow.passed import course, lacking
from kingpost.audit.folding import Standing
from kingpost.audit.telling import Told
from kingpost.model.workflow import Decision, Wait, Workflow

CARRIED = "carried"


def version_faults(before: Standing, event: Told) -> Iterator[str]:
    """Yield an event that is decided by another version than the case runs on then."""
    to = [change["model"] for change in event.changes if change["do"] == "carry"]
    if (event.kind == CARRIED) != bool(to) or len(to) > 1:
        yield "it changes the version of the case, and is no event that may"
    if event.header["model"] != (to[0] if to else before.model or event.header["model"]):
        yield "it is about another version of the model than the case runs on"
    if to and event.body.get("carried", {}).get("from") != before.model:
        yield "it does not say from which version the case came"


def token_faults(before: Standing, now: Standing, event: Told) -> Iterator[str]:
    """Yield tokens that were lost or doubled on the way, and people who were forgotten.

    before, now: the case around the event.
    """
    left = {change["token"] for change in event.changes if change["do"] == "leave"}
    came = {change["token"] for change in event.changes if change["do"] == "enter"}
    stayed = before.tokens.keys() - left
    for name in sorted(stayed - now.tokens.keys()):
        yield f"the token at `{before.tokens[name]['step']}` is lost"
    for name in sorted(now.tokens.keys() - stayed - came):
        yield f"the token at `{now.tokens[name]['step']}` comes from nowhere"
    if came & before.tokens.keys():
        yield "a token stands there twice"


def term_faults(
    old: Declared, new: Declared, before: Standing, now: Standing, event: Told
) -> Iterator[str]:
    """Yield clocks that gained or lost time on the way to the new version."""
    flow = event.header["workflow"]
    for name in sorted(before.tokens.keys() & now.tokens.keys()):
        token, step = now.tokens[name], new.step(flow, now.tokens[name]["step"])
        # A moment that a field names comes when it comes: nothing of it is used up.
        is_moment = isinstance(step, Wait) and step.until is not None
        for of in ("clock",) if is_moment else ("clock", "limit"):
            was, is_ = before.tokens[name].get(of), token.get(of)
            if is_ is None:
                continue
            spent = used_ms(was, event.at, old.calendar(was["calendar"])) if was else 0
            counted = used_ms(is_, event.at, new.calendar(is_["calendar"]))
            if spent != counted:
                yield f"the clock of `{token['step']}` went from {spent} to {counted} ms at once"


def skipped_faults(
    workflows: Mapping[str, Workflow], before: Standing, now: Standing, told: list[Told]
) -> Iterator[str]:
    """Yield controls without which no way of the new version leads to where the case went on.

    workflows: as each version has it. told: the events up to the last, which is the one judged.
    """
    event, old = told[-1], workflows[told[-2].header["model"]]
    names = renames(event)
    # What the old version lacked already is not held against the case.
    known = {
        names.get(step.id, step.id)
        for step, _ in lacking(old, before, course(workflows, told[:-1]))
    }
    for step, target in lacking(workflows[event.header["model"]], now, course(workflows, told)):
        if step.id not in known:
            wants = "decided so" if isinstance(step, Decision) else "done it"
            yield f"it stands at `{target}` behind `{step.id}`, and nobody has {wants} there"


def renames(event: Told) -> dict[str, str]:
    """Return the steps that have another name from an event on."""
    return {
        old: new
        for change in event.changes
        if change["do"] == "rename" and change["part"] == "step"
        for old, new in change["names"].items()
    }


def by_new_names(performed: dict[str, set[str]], names: dict[str, str]) -> dict[str, set[str]]:
    """Return who performed each step, by the names that the steps have afterwards."""
    found: dict[str, set[str]] = {}
    for step, people in performed.items():
        found.setdefault(names.get(step, step), set()).update(people)
    return found
