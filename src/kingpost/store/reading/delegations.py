"""Delegations: what is lent to whom, now and before."""

from psycopg import Connection
from psycopg.rows import DictRow


def lent_to(connection: Connection[DictRow], person: str) -> list[list[object]]:
    """Return what is lent to a person now, as `store.cases.read_holdings` takes it."""
    rows = connection.execute(
        """
        SELECT given.post, given.id::text AS right, given.kind, given.held, given.roles,
               delegation.id::text AS delegation, given.person AS giver,
               delegation.workflows, delegation.outcomes,
               delegation.condition
          FROM delegation
          JOIN holding AS given ON given.id = delegation.appointment
         WHERE delegation.person = %s
           AND delegation.during @> transaction_timestamp()
           AND given.during @> transaction_timestamp()
         ORDER BY given.held IS NOT NULL, given.post, delegation.id
        """,
        [person],
    ).fetchall()
    return [list(row.values()) for row in rows]


def delegations(
    connection: Connection[DictRow],
    *,
    post: str | None = None,
    giver: str | None = None,
    person: str | None = None,
    people: list[str] | None = None,
) -> list[DictRow]:
    """Return all delegations, ever, of a post, of a giver, to one person or some, or (None) any.

    One that was withdrawn ends when it would have begun. It ends with its appointment, too.
    """
    return connection.execute(
        """
        SELECT delegation.id, given.post, given.person AS giver, lender.name AS giver_name,
               delegation.person, delegate.name, delegation.workflows, delegation.outcomes,
               delegation.condition AS "when", delegation.reason,
               lower(delegation.wished) AS since,
               CASE WHEN isempty(delegation.during * given.during) THEN lower(delegation.wished)
                    ELSE upper(delegation.during * given.during) END AS until,
               isempty(delegation.during * given.during) AS withdrawn,
               delegation.recorded_by,
               coalesce(delegation.ended_by,
                        CASE WHEN upper(given.during) < upper(delegation.during)
                             THEN given.ended_by END) AS ended_by
          FROM delegation
          JOIN appointment AS given ON given.id = delegation.appointment
          JOIN person AS lender ON lender.id = given.person
          JOIN person AS delegate ON delegate.id = delegation.person
         WHERE (%(post)s::text IS NULL OR given.post = %(post)s)
           AND (%(giver)s::text IS NULL OR given.person = %(giver)s)
           AND (%(person)s::text IS NULL OR delegation.person = %(person)s)
           AND (%(people)s::text[] IS NULL OR delegation.person = ANY(%(people)s))
         ORDER BY lower(delegation.wished) DESC, delegate.name, delegation.id
        """,
        {"post": post, "giver": giver, "person": person, "people": people},
    ).fetchall()
