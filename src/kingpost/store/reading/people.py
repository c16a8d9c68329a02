"""Who holds which post, at any moment, and what people did."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import AGENT, Answering, Holding


def moment(connection: Connection[DictRow]) -> datetime:
    """Return the time at which the transaction began: the moment that a page is true for."""
    row = connection.execute("SELECT transaction_timestamp() AS at").fetchone()
    assert row is not None, "a value is one row"
    return row["at"]


def clock(connection: Connection[DictRow]) -> datetime:
    """Return the time now, which goes on while the transaction runs."""
    row = connection.execute("SELECT clock_timestamp() AS at").fetchone()
    assert row is not None, "a value is one row"
    return row["at"]


def held_by(connection: Connection[DictRow], person: str) -> list[DictRow]:
    """Return in which posts a person acts now, as `store.cases.read_holdings` takes it.

    Not those that are lent to them.
    """
    return connection.execute(
        """
        SELECT post, id::text, kind, held, roles
          FROM holding
         WHERE person = %s AND during @> transaction_timestamp()
         ORDER BY held IS NOT NULL, post
        """,
        [person],
    ).fetchall()


def answered(connection: Connection[DictRow], held: Iterable[Holding]) -> tuple[Holding, ...]:
    """Return posts that somebody holds now, those of an agent with who answers for it."""
    holdings = tuple(held)
    posts = [holding.post for holding in holdings if holding.kind == AGENT]
    if not posts:
        return holdings
    rows = connection.execute(
        """
        SELECT wanted.post, appointment.post AS answers, appointment.person, appointment.id
          FROM unnest(%s::text[]) AS wanted (post)
          JOIN appointment ON appointment.id = answering(wanted.post, clock_timestamp())
        """,
        [posts],
    ).fetchall()
    found = {row["post"]: Answering(row["answers"], row["person"], str(row["id"])) for row in rows}
    return tuple(
        replace(holding, answering=found.get(holding.post)) if holding.kind == AGENT else holding
        for holding in holdings
    )


def holders(connection: Connection[DictRow], at: datetime) -> list[DictRow]:
    """Return everybody who holds a post at a moment, substantive holders first."""
    return connection.execute(
        """
        SELECT appointment.post, appointment.person, person.name, appointment.kind,
               lower(appointment.during) AS since, upper(appointment.during) AS until,
               absence.id IS NOT NULL AS absent
          FROM appointment
          JOIN person ON person.id = appointment.person
          LEFT JOIN absence ON absence.person = person.id
                           AND absence.during @> %(at)s::timestamptz
         WHERE appointment.during @> %(at)s::timestamptz
         ORDER BY appointment.post, appointment.kind DESC, person.name, person.id
        """,
        {"at": at},
    ).fetchall()


def absences(connection: Connection[DictRow], person: str) -> list[DictRow]:
    """Return when a person was, is and will be away, the latest first.

    One that was withdrawn ends when it would have begun.
    """
    return connection.execute(
        """
        SELECT id, reason, lower(wished) AS since,
               CASE WHEN isempty(during) THEN lower(wished) ELSE upper(during) END AS until,
               isempty(during) AS withdrawn, recorded_by, ended_by
          FROM absence
         WHERE person = %s
         ORDER BY lower(wished) DESC
        """,
        [person],
    ).fetchall()


def appointments(
    connection: Connection[DictRow], *, posts: list[str] | None = None, person: str | None = None
) -> list[DictRow]:
    """Return all appointments, ever, to some posts or (None) all, of one person or (None) all.

    One that was withdrawn ends when it would have begun, so that it never ran.
    """
    return connection.execute(
        """
        SELECT appointment.id, appointment.post, appointment.person, person.name,
               appointment.seat, appointment.kind, lower(appointment.wished) AS since,
               CASE WHEN isempty(appointment.during) THEN lower(appointment.wished)
                    ELSE upper(appointment.during) END AS until,
               isempty(appointment.during) AS withdrawn, appointment.recorded_by,
               appointment.ended_by
          FROM appointment
          JOIN person ON person.id = appointment.person
         WHERE (%(posts)s::text[] IS NULL OR appointment.post = ANY(%(posts)s))
           AND (%(person)s::text IS NULL OR appointment.person = %(person)s)
         ORDER BY lower(appointment.wished) DESC, appointment.kind DESC, person.name
        """,
        {"posts": posts, "person": person},
    ).fetchall()


def is_agent(connection: Connection[DictRow], person: str) -> bool:
    """Tell whether somebody of the register is a machine agent."""
    row = connection.execute("SELECT FROM person WHERE id = %s AND is_agent", [person]).fetchone()
    return row is not None


def names(connection: Connection[DictRow], people: list[str]) -> dict[str, str]:
    """Return the names of people by id."""
    rows = connection.execute("SELECT id, name FROM person WHERE id = ANY(%s)", [people]).fetchall()
    return {row["id"]: row["name"] for row in rows}


def find_people(
    connection: Connection[DictRow], pattern: str, limit: int, offset: int
) -> list[DictRow]:
    """Return people whose id or name is like a pattern, with the posts they hold now."""
    return connection.execute(
        """
        SELECT person.id, person.name, person.is_agent,
               ARRAY(
                    SELECT post
                      FROM appointment
                     WHERE person = person.id AND during @> transaction_timestamp()
                     ORDER BY post
               ) AS posts
          FROM person
         WHERE person.id ILIKE %(pattern)s OR person.name ILIKE %(pattern)s
         ORDER BY person.name, person.id
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"pattern": pattern, "limit": limit, "offset": offset},
    ).fetchall()


def count_people(connection: Connection[DictRow], pattern: str) -> int:
    """Return how many people `find_people` would find."""
    row = connection.execute(
        "SELECT count(*) AS total FROM person WHERE id ILIKE %(pattern)s OR name ILIKE %(pattern)s",
        {"pattern": pattern},
    ).fetchone()
    assert row is not None, "a count is one row"
    return row["total"]


def acts(connection: Connection[DictRow], person: str, limit: int, offset: int) -> list[DictRow]:
    """Return events in which a person acted, the latest first."""
    return connection.execute(
        """
        SELECT event.case_id, case_file.number, case_file.workflow, event.seq, event.kind,
               event.step, event.at, event.hash, event.body
          FROM event
          JOIN case_file ON case_file.id = event.case_id
         WHERE event.person = %(person)s
         ORDER BY event.at DESC, event.case_id DESC, event.seq DESC
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        {"person": person, "limit": limit, "offset": offset},
    ).fetchall()


def count_acts(connection: Connection[DictRow], person: str) -> tuple[int, int]:
    """Return in how many events a person acted, and how much open work they have taken on."""
    row = connection.execute(
        """
        SELECT (SELECT count(*) FROM event WHERE person = %(person)s) AS acts,
               (SELECT count(*) FROM task WHERE person = %(person)s) AS assigned
        """,
        {"person": person},
    ).fetchone()
    assert row is not None, "two counts are one row"
    return row["acts"], row["assigned"]
