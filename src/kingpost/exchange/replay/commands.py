"""Which commands a row comes to, from where the case really stands. Pure: nothing is done here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from kingpost.decisions.case import Case, Plain, Token
from kingpost.decisions.commands import (
    Command,
    Complete,
    Decide,
    Deliver,
    Raise,
    Record,
    Resolve,
    Start,
)
from kingpost.decisions.refusals import CaseIsClosed, NotOpen
from kingpost.exchange.mapping.mapping import Act, LogMapping, Moves, Sign, Verb
from kingpost.exchange.replay.rows import Row

UNKNOWN_STATE = "unknown-state"
NO_WAY = "no-way"
NOT_OPEN = "not-open"
AFTER_CLOSING = "after-closing"
NOT_STARTED = "not-started"
TIME_RUNS_BACK = "time-runs-back"


@dataclass(frozen=True, slots=True)
class Deviation:
    """What a row says and the model does not allow. kind: kebab-case. reason: in words."""

    kind: str
    reason: str


Current: TypeAlias = Callable[[], Case]


def start_of(mapping: LogMapping, first: Row) -> Start:
    """Return the command that begins the case of a first row."""
    filled = {name: first.fields.get(name) for name in mapping.form}
    return Start({name: value for name, value in filled.items() if value is not None})


def commands_for(
    mapping: LogMapping, row: Row, before: Row | None, current: Current
) -> Iterator[Command | Deviation]:
    """Yield what a row comes to, in order: its signs, then the way to what it shows.

    before:  the row before in the same case, or None.
    current: returns the case as it stands now; it is asked again after each command, so that the
             next one starts from what the one before brought about, or did not.
    """
    reader = _Reading(mapping, row, before, current)
    case = current()
    if case.closed_at is not None:
        if not reader.says_nothing_new(case):
            words = f"{CaseIsClosed(case.number, case.closed_at)}, and the log goes on"
            yield Deviation(AFTER_CLOSING, words)
        return
    for sign in mapping.signs:
        yield from reader.sign(sign)
    yield from reader.way()


@dataclass(frozen=True, slots=True)
class _Reading:
    mapping: LogMapping
    row: Row
    before: Row | None
    current: Current

    def says_nothing_new(self, case: Case) -> bool:
        """Tell whether a closed case needs no command to be as the row shows it."""
        same = self.mapping.by_state and self.row.shows == case.state
        turned = any(sign.turns and self._turned(sign) for sign in self.mapping.signs)
        return same and not turned and not self._differing(case)

    def sign(self, sign: Sign) -> Iterator[Command | Deviation]:
        case = self.current()
        if sign.differs:
            fields = self.row.fields
            if all(fields.get(name) == case.fields.get(name) for name in sign.differs):
                return
            if sign.at is not None and case.at(sign.at) is None:
                # Said once, by the row that changes it: what nobody may take on is not lost.
                if self._changed(sign.differs):
                    names = ", ".join(f"`{name}`" for name in sign.differs)
                    words = f"`{sign.at}` is not open, where {names} would be changed"
                    yield Deviation(NOT_OPEN, words)
                return
        elif (sign.at is not None and case.at(sign.at) is None) or not self._turned(sign):
            return
        for act in sign.acts:
            yield self._command(act, act.step or sign.at, {})

    def way(self) -> Iterator[Command | Deviation]:
        """Yield the commands to what the row shows, or what is recorded when it shows no move."""
        case, row = self.current(), self.row
        if row.shows is None:
            words = f"the log shows `{row.said}`, which the mapping does not know"
            yield Deviation(UNKNOWN_STATE, words)
            return
        if self.mapping.by_state and row.shows == case.state:
            yield from self._record(case)
            return
        found = self._find(case, row.shows)
        if found is None:
            yield Deviation(NO_WAY, f"no way leads from {self._stand(case)} to `{row.said}`")
            return
        token, acts = found
        for index, act in enumerate(acts):
            last = index == len(acts) - 1
            carried = self._differing(self.current()) if last else {}
            yield self._command(act, act.step or token.step, carried)

    def _record(self, case: Case) -> Iterator[Command | Deviation]:
        changed = self._differing(case)
        if not changed:
            return
        steps = {name for moves in self.mapping.moves for name in moves.at}
        token = next((item for item in case.tokens.values() if item.step in steps), None)
        if token is None:
            words = (
                f"nothing is open where {', '.join(f'`{name}`' for name in changed)} is recorded"
            )
            yield Deviation(NOT_OPEN, words)
            return
        yield Record(token.id, changed)

    def _find(self, case: Case, shows: str) -> tuple[Token, tuple[Act, ...]] | None:
        for moves in self.mapping.moves:
            if shows in moves.ways:
                token = _standing(case, moves)
                if token is not None:
                    return token, moves.ways[shows]
        return None

    def _command(
        self, act: Act, step: str | None, carried: Mapping[str, Plain]
    ) -> Command | Deviation:
        token = self.current().at(step) if step else None
        if token is None:
            return Deviation(NOT_OPEN, f"`{step}`: {NotOpen(str(step))}")
        fields = self.row.fields
        given = {name: fields[name] for name in act.carries if name in fields}
        values = {**carried, **given, **act.given}
        match act.verb:
            case Verb.COMPLETE:
                return Complete(token.id, values)
            case Verb.DECIDE:
                return Decide(token.id, act.choice, values, act.reason)
            case Verb.RAISE:
                return Raise(token.id, act.choice, values, act.reason)
            case Verb.RESOLVE:
                return Resolve(token.id, act.choice, values, act.reason)
            case Verb.DELIVER:
                return Deliver(token.id, act.choice, values, act.reason)

    def _changed(self, names: tuple[str, ...]) -> bool:
        """Tell whether the row says something else about the fields than the row before."""
        if self.before is None:
            return True
        before, now = self.before.fields, self.row.fields
        return any(before.get(name) != now.get(name) for name in names)

    def _turned(self, sign: Sign) -> bool:
        now = self.row.raw[sign.turns].strip()
        was = self.before.raw[sign.turns].strip() if self.before else None
        return now == sign.to and was != sign.to

    def _differing(self, case: Case) -> dict[str, Plain]:
        fields = self.row.fields
        return {
            name: fields[name]
            for name in self.mapping.record
            if name in fields and fields[name] != case.fields.get(name)
        }

    def _stand(self, case: Case) -> str:
        steps = {name for moves in self.mapping.moves for name in moves.at}
        for token in case.tokens.values():
            if token.step in steps:
                why = token.suspension
                return f"`{token.step}`" + (f" in `{why.exception}`" if why else "")
        return f"`{case.state}`"


def _standing(case: Case, moves: Moves) -> Token | None:
    for token in case.tokens.values():
        if token.step in moves.at and (token.suspension is not None) is moves.suspended:
            return token
    return None
