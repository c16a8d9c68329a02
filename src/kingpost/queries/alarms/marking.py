"""How many alarms a person may do something about, for every page that they open."""

from dataclasses import dataclass
from datetime import timedelta

from kingpost.decisions.program import Program
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.model.workflow import Decision
from kingpost.queries.alarms.alarm import Alarms
from kingpost.queries.alarms.everybody import Everybody, everybody
from kingpost.queries.alarms.reading import alarms_at
from kingpost.queries.history.timeline import Programs
from kingpost.queries.people import Reader
from kingpost.store.pool import Database
from kingpost.store.reading.people import clock, moment
from kingpost.store.reading.running import last_position
from kingpost.values.address import address

# How long new work may take to show in the number: so many times what it takes to read it, and
# never longer than the other. So the number costs a twentieth of the time at most.
TIMES = 20
AGE_MAX = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read. position: of the history then. cost: how long it took."""

    version: str
    position: int
    there: Everybody
    alarms: Alarms
    cost: timedelta


class Mark:
    """The alarms as they were read last.

    They are read again as soon as somebody else holds, is lent or is away, and when the history has
    gone on; then they rest for some `times` of what reading them took, or `age_max` at most. Lists
    of alarms are always true.
    """

    def __init__(self, age_max: timedelta = AGE_MAX, times: int = TIMES) -> None:
        """Begin without any."""
        self._age_max, self._times = age_max, times
        self._last: _Read | None = None

    def count(
        self, database: Database, program: Program, programs: Programs, reader: Reader
    ) -> int:
        """Return how many alarms a person may do something about."""
        # To appoint is not lent.
        mine = {holding.post for holding in reader.holdings if holding.delegation is None}
        # Most people may appoint nobody, and nothing is read for them.
        if not mine & _who_may(program.model):
            return 0
        found = self._read(database, program, programs).alarms
        return sum(not mine.isdisjoint(alarm.concerns) for alarm in found)

    def _read(self, database: Database, program: Program, programs: Programs) -> Alarms:
        with database.snapshot() as connection:
            there, last = everybody(connection, moment(connection)), self._last
            position = last_position(connection)
            same = last is not None and last.version == program.version
            if last is not None and same and self._holds(last, there, position):
                return last.alarms
            found = alarms_at(connection, program, programs, there)
            cost = clock(connection) - there.now
        self._last = _Read(program.version, position, there, found, cost)
        return found

    def _holds(self, last: _Read, there: Everybody, position: int) -> bool:
        if last.there.rights != there.rights or last.there.vacant != there.vacant:
            return False
        rest = self._age_max if position == last.position else self._times * last.cost
        return there.now - last.there.now < min(rest, self._age_max)


def _who_may(model: Model) -> set[str]:
    """Return the posts that some alarm could concern."""
    above = {post.reports_to for post in model.posts.values()}
    keeps = {custodian_of(model, address("post", post)) for post in model.posts}
    owns = {workflow.owner for workflow in model.workflows.values()}
    return {post for post in above | keeps | owns | _review(model) if post is not None}


def _review(model: Model) -> set[str | None]:
    """Return the posts that review overrides."""
    return {
        step.override.reviewed_by
        for workflow in model.workflows.values()
        for step in workflow.all_steps()
        if isinstance(step, Decision) and step.override is not None
    }
