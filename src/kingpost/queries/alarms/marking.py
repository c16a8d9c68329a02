"""How many alarms a person may do something about, for every page that they open."""

from datetime import timedelta

from kingpost.decisions.program import Program
from kingpost.model.custody import custodian_of
from kingpost.model.model import Model
from kingpost.queries.alarms.alarm import Alarms
from kingpost.queries.alarms.everybody import Everybody, everybody
from kingpost.queries.alarms.reading import alarms_at
from kingpost.queries.history.timeline import Programs
from kingpost.queries.people import Reader
from kingpost.store.pool import Database
from kingpost.store.reading.people import moment
from kingpost.values.address import address

# How long new work may take to show in the number.
AGE_MAX = timedelta(minutes=1)


class Mark:
    """The alarms as they were read last.

    They are read again as soon as somebody else holds, is lent or is away: that is what raises and
    ends most of them. What only the work changes is told a minute later at most: to ask about all
    open work for every page would cost more than it is worth. Lists of alarms are always true.
    """

    def __init__(self, age_max: timedelta = AGE_MAX) -> None:
        """Begin without any."""
        self._age_max = age_max
        self._last: tuple[str, Everybody, Alarms] | None = None

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
            if last is not None and last[0] == program.version and self._holds(last[1], there):
                return last[2]
            found = alarms_at(connection, program, programs, there)
        self._last = program.version, there, found
        return found

    def _holds(self, last: Everybody, there: Everybody) -> bool:
        same = last.rights == there.rights and last.vacant == there.vacant
        return same and there.now - last.now < self._age_max


def _who_may(model: Model) -> set[str]:
    """Return the posts that some alarm could concern."""
    above = {post.reports_to for post in model.posts.values()}
    keeps = {custodian_of(model, address("post", post)) for post in model.posts}
    owns = {workflow.owner for workflow in model.workflows.values()}
    return {post for post in above | keeps | owns if post is not None}
