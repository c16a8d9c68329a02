"""Play a log on: its later rows become live commands, at the pace of the clock or faster."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kingpost.decisions.case import Case
from kingpost.decisions.commands import (
    Command,
    Confirm,
    ConfirmOverride,
    Decide,
    Decline,
    Deliver,
    Propose,
    Raise,
    Resolve,
    Start,
)
from kingpost.engine.company import Company
from kingpost.engine.lookup import find_case
from kingpost.engine.perform import Asked, Done, KeyReusedError, perform
from kingpost.exchange.playing import (
    ImportRun,
    NextRow,
    Playlist,
    note_deviation,
    note_played,
)
from kingpost.exchange.replay.commands import Deviation, commands_for, start_of
from kingpost.exchange.replay.plan import Plan
from kingpost.exchange.replay.replayer import refusal_kind
from kingpost.exchange.replay.rows import Row
from kingpost.values.identity import derive

ROWS_A_ROUND = 200


class Player:
    """Plays the rows after the moment of an import.

    begun: aware, now. speed: how much faster than the clock; 1 is as it was.
    """

    def __init__(
        self,
        company: Company,
        plan: Plan,
        run: ImportRun,
        *,
        begun: datetime,
        speed: float,
    ) -> None:
        """Go on where the last player stopped."""
        self._company = company
        self._mapping = plan.mapping
        self._run = run
        self._begun = begun
        self._speed = speed
        self._since = run.played or run.moment
        self._playlist = Playlist(plan, self._since)

    @property
    def left(self) -> int:
        """Return how many rows are still to come."""
        return self._playlist.left

    def round(self, now: datetime) -> int:
        """Play what is due at `now`; return how many rows that was."""
        until = self._since + timedelta(seconds=(now - self._begun).total_seconds() * self._speed)
        count = 0
        for item in self._playlist.due(until, ROWS_A_ROUND):
            self._play(item)
            # After each row, so that a player that was killed plays one row again at most.
            note_played(self._company.database, self._run, item.place)
            count += 1
        return count

    def _play(self, item: NextRow) -> None:
        row, part = item.row, 0
        if find_case(self._company, row.number) is None:
            part = self._perform(row, start_of(self._mapping, row), part)
            if find_case(self._company, row.number) is None:
                return
        for found in commands_for(self._mapping, row, item.before, self._current(row)):
            if isinstance(found, Deviation):
                part += 1
                self._deviate(row, part, found.kind, found.reason)
            else:
                part = self._perform(row, found, part)

    def _current(self, row: Row) -> Callable[[], Case]:
        def current() -> Case:
            case = find_case(self._company, row.number)
            assert case is not None, "the case has begun, and cases stay"
            return case

        return current

    def _perform(self, row: Row, command: Command, part: int) -> int:
        """Perform one command of a row; return how many of the row's deviate so far."""
        # The key says which row and what it asks and where, so that a player that was killed
        # starts over.
        said = (type(command).__name__, self._step(row, command), _choice(command))
        name = f"play/{self._run.id}/{row.line}/{'/'.join(said)}"
        asked = Asked(
            derive(name),
            command,
            person=row.person,
            interface=row.interface,
            workflow=self._mapping.workflow,
            number=row.number,
        )
        try:
            outcome = perform(self._company, asked)
        except KeyReusedError:
            # This row did that before we were killed; the case has been there once more since.
            return part
        if isinstance(outcome, Done):
            return part
        self._deviate(row, part + 1, refusal_kind(outcome), str(outcome))
        return part + 1

    def _step(self, row: Row, command: Command) -> str:
        """Return the step that a command is about; some are about none."""
        if isinstance(command, Start | Propose | Confirm | ConfirmOverride | Decline):
            return ""
        token = self._current(row)().tokens.get(command.task)
        return token.step if token else ""

    def _deviate(self, row: Row, part: int, kind: str, reason: str) -> None:
        note_deviation(self._company.database, self._run, row, part=part, kind=kind, reason=reason)


def _choice(command: Command) -> str:
    match command:
        case Decide():
            return command.outcome
        case Raise():
            return command.exception
        case Resolve():
            return command.ending
        case Deliver():
            return command.message
        case _:
            return ""
