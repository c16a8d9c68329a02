"""The register as it was known at a moment: what was recorded by then, and not what came later."""

from datetime import datetime

from psycopg import Connection
from psycopg.rows import DictRow


def held_then(
    connection: Connection[DictRow],
    posts: list[str],
    *,
    start: datetime,
    end: datetime,
    known: datetime,
) -> list[DictRow]:
    """Return who held some posts in a time, first those who held longest.

    start, end: the end is exclusive. known: what is recorded later does not count. `away_since`
    and `away_until` are the parts of that time in which the person was away.
    """
    return connection.execute(
        """
        WITH last AS (
                SELECT DISTINCT ON (subject) subject, from_at, until_at
                  FROM register_entry
                 WHERE recorded_at <= %(known)s
                   AND kind IN ('appointed', 'appointment-ended')
                 ORDER BY subject, position DESC
             ),
             away AS (
                SELECT DISTINCT ON (subject) subject, from_at, until_at
                  FROM register_entry
                 WHERE recorded_at <= %(known)s AND kind IN ('absent', 'absence-ended')
                 ORDER BY subject, position DESC
             )
        SELECT appointment.id, appointment.post, appointment.person, person.name,
               appointment.kind, last.from_at AS since, last.until_at AS until,
               parts.since AS away_since, parts.until AS away_until
          FROM last
          JOIN appointment ON appointment.id = last.subject
          JOIN person ON person.id = appointment.person
          CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(away.from_at ORDER BY away.from_at), '{}') AS since,
                       coalesce(array_agg(away.until_at ORDER BY away.from_at), '{}') AS until
                  FROM absence
                  JOIN away ON away.subject = absence.id
                 WHERE absence.person = person.id AND away.from_at < %(end)s
                   AND (away.until_at IS NULL OR away.until_at > %(start)s)
               ) AS parts
         WHERE appointment.post = ANY(%(posts)s)
           AND last.from_at < %(end)s
           AND (last.until_at IS NULL OR last.until_at > %(start)s)
         ORDER BY appointment.post, last.from_at, person.name, person.id
        """,
        {"posts": posts, "start": start, "end": end, "known": known},
    ).fetchall()


def lent_then(
    connection: Connection[DictRow],
    posts: list[str],
    *,
    start: datetime,
    end: datetime,
    known: datetime,
) -> list[DictRow]:
    """Return to whom the authority of some posts was lent in a time, as `held_then`."""
    return connection.execute(
        """
        WITH last AS (
                SELECT DISTINCT ON (subject) subject, from_at, until_at
                  FROM register_entry
                 WHERE recorded_at <= %(known)s
                 ORDER BY subject, position DESC
             )
        SELECT given.post, delegation.person, person.name, given.person AS giver,
               lender.name AS giver_name, delegation.workflows, delegation.outcomes,
               delegation.condition AS "when", delegation.reason, lent.from_at AS since,
               least(lent.until_at, held.until_at) AS until
          FROM delegation
          JOIN appointment AS given ON given.id = delegation.appointment
          JOIN last AS lent ON lent.subject = delegation.id
          JOIN last AS held ON held.subject = given.id
          JOIN person ON person.id = delegation.person
          JOIN person AS lender ON lender.id = given.person
         WHERE given.post = ANY(%(posts)s)
           AND lent.from_at < %(end)s
           AND least(lent.until_at, held.until_at) > %(start)s
           AND lent.from_at < least(lent.until_at, held.until_at)
         ORDER BY given.post, lent.from_at, person.name, person.id
        """,
        {"posts": posts, "start": start, "end": end, "known": known},
    ).fetchall()
