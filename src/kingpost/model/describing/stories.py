"""A scenario in words: what is given, what happens, and what must be so."""

from collections.abc import Iterator, Mapping

from kingpost.model.describing.phrases import Fact, words
from kingpost.model.scenario import Act, Entry, Expectation, Given, Passing, Scenario, Written


def story_facts(scenario: Scenario) -> Iterator[Fact]:
    """Yield what a scenario says, as facts."""
    told = {
        "workflow": (scenario.workflow,) if scenario.workflow else (),
        "told after": (scenario.after,) if scenario.after else (),
        "given": tuple(_given(scenario.given)),
        "when": tuple(_entry(entry) for entry in scenario.when),
        "then": tuple(_expected(wanted) for wanted in scenario.then),
    }
    for label, lines in told.items():
        if lines:
            yield Fact(label, tuple(words(line) for line in lines))


def _given(given: Given) -> Iterator[str]:
    if given.record:
        yield f"{given.object or 'the record'} with {_record(given.record)}"
    if given.starter is not None:
        yield f"begun by {given.starter}"
    if given.at is not None:
        yield f"at {given.at:%Y-%m-%d %H:%M}"
    for person, posts in given.people.items():
        yield f"{person} holds {', '.join(posts)}"
    if given.vacant:
        yield f"vacant: {', '.join(given.vacant)}"
    for post, decisions in given.used.items():
        for step, (amount, currency) in decisions.items():
            yield f"{post} has used {amount:,f} {currency} in {step}"


def _entry(entry: Entry) -> str:
    match entry:
        case Passing():
            if entry.until is not None:
                return f"until {entry.until:%Y-%m-%d %H:%M}"
            return f"after {entry.span}"
        case Expectation():
            return f"expect {_expected(entry)}"
        case Act():
            return _act(entry)


def _act(act: Act) -> str:
    parts = [f"{act.who} {act.deed.value} {act.name}"]
    if act.choice:
        parts.append(f": {act.choice}")
    if act.step is not None:
        parts.append(f" in {act.step}")
    if act.records:
        parts.append(f" with {_record(act.records)}")
    if act.reason:
        parts.append(f", because: {act.reason}")
    return "".join(parts)


def _expected(wanted: Expectation) -> str:
    parts: list[str] = []
    if wanted.refused is not None:
        parts.append(f"refused: {wanted.refused}")
    if wanted.state is not None:
        parts.append(f"state {wanted.state}")
    if wanted.closed is not None:
        parts.append("closed" if wanted.closed else "not closed")
    if wanted.open is not None:
        parts.append(f"open {', '.join(wanted.open)}" if wanted.open else "nothing open")
    if wanted.record:
        parts.append(f"record {_record(wanted.record)}")
    if wanted.empty:
        parts.append(f"empty {', '.join(wanted.empty)}")
    parts += [f"overdue {', '.join(wanted.overdue)}"] if wanted.overdue else []
    parts += [f"{step} decided: {outcome}" for step, outcome in wanted.decided.items()]
    parts += [f"{name} {status.value}" for name, status in wanted.obligations.items()]
    parts += [f"{step} due {at:%Y-%m-%d %H:%M}" for step, at in wanted.due.items()]
    parts += [f"{step} addressed to {post}" for step, post in wanted.addressed.items()]
    parts += [f"{step} suspended for {name}" for step, name in wanted.suspended.items()]
    parts += [f"{step} escalated to {', '.join(told)}" for step, told in wanted.escalated.items()]
    if wanted.reviews is not None:
        parts.append(f"overrides to review: {', '.join(wanted.reviews) or 'none'}")
    return "; ".join(parts)


def _record(record: Mapping[str, Written]) -> str:
    told = (
        f"{name} {value if isinstance(value, str) else ', '.join(value)}"
        for name, value in record.items()
    )
    return ", ".join(told)
