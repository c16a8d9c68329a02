"""Changes of the organisation: what the register and the ledgers hold, and what becomes of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from psycopg.types.range import TimestamptzRange

from kingpost.decisions.restructuring.facts import Held, Lent, Used
from kingpost.model.restructuring.heirs import Heir, Heirs


def lock(connection: Connection[DictRow], gone: Iterable[str]) -> None:
    """Let nobody come to a post, nor leave one that is gone.

    Lock: the rows of all posts, and then the appointments to those that are gone.
    """
    connection.execute("SELECT FROM post ORDER BY id FOR UPDATE")
    connection.execute(
        "SELECT FROM appointment WHERE post = ANY(%s) ORDER BY id FOR UPDATE", [sorted(gone)]
    )


def heirs(connection: Connection[DictRow]) -> Heirs:
    """Return who acts for the posts of earlier versions."""
    rows = connection.execute("SELECT post, role, called, heir, first FROM post_taken").fetchall()
    return frozenset(Heir(**row) for row in rows)


def held(connection: Connection[DictRow], now: datetime) -> tuple[Held, ...]:
    """Return every appointment that runs at a moment, or is to come."""
    rows = connection.execute(
        """
        SELECT id, person, post, seat, kind, lower(during) AS start, upper(during) AS "end"
          FROM appointment
         WHERE NOT isempty(during) AND (upper(during) IS NULL OR upper(during) > %s)
         ORDER BY lower(during), id
        """,
        [now],
    ).fetchall()
    return tuple(Held(**row) for row in rows)


def lent(connection: Connection[DictRow], now: datetime) -> tuple[Lent, ...]:
    """Return every delegation that runs at a moment, or is to come."""
    rows = connection.execute(
        """
        SELECT id, appointment, person, workflows, outcomes, condition, upper(during) AS "end"
          FROM delegation
         WHERE NOT isempty(during) AND upper(during) > %s
         ORDER BY lower(during), id
        """,
        [now],
    ).fetchall()
    return tuple(
        Lent(
            row["id"],
            row["appointment"],
            row["person"],
            tuple(row["workflows"]),
            tuple(row["outcomes"]),
            row["condition"],
            row["end"],
        )
        for row in rows
    )


def work(
    connection: Connection[DictRow], roles: Mapping[str, Iterable[str]]
) -> dict[str, tuple[int, int]]:
    """Return by post how much open work is addressed to it, and to no post but its roles."""
    rows = connection.execute(
        "SELECT coalesce(post, '') AS post, role, count(*) AS number FROM task GROUP BY 1, 2"
    ).fetchall()
    return {
        post: (
            sum(row["number"] for row in rows if row["post"] == post),
            sum(row["number"] for row in rows if not row["post"] and row["role"] in set(names)),
        )
        for post, names in roles.items()
    }


def cases(connection: Connection[DictRow]) -> dict[str, int]:
    """Return by workflow how many cases are live."""
    rows = connection.execute(
        "SELECT workflow, count(*) AS number FROM case_file WHERE closed_at IS NULL GROUP BY 1"
    ).fetchall()
    return {row["workflow"]: row["number"] for row in rows}


def used(connection: Connection[DictRow], posts: Iterable[str], now: datetime) -> tuple[Used, ...]:
    """Return what ledgers of some posts come to whose period is not over, of a year at most."""
    rows = connection.execute(
        """
        WITH near AS (
                SELECT * FROM allowance_use
                 WHERE post = ANY(%s) AND since > (%s::timestamptz - interval '13 months')::date
             )
        SELECT DISTINCT ON (post, decision, field, per, since)
               post, decision, field, per, since, entry AS entries, before + counts AS amount,
               (SELECT coalesce(jsonb_object_agg(source, came::text), '{}')
                  FROM (SELECT source, sum(counts) AS came FROM near AS other
                         WHERE source IS NOT NULL
                           AND (other.post, other.decision, other.field, other.per, other.since) =
                               (near.post, near.decision, near.field, near.per, near.since)
                         GROUP BY source) AS from_others) AS came
          FROM near
         ORDER BY post, decision, field, per, since, entry DESC
        """,
        [sorted(posts), now],
    ).fetchall()
    return tuple(
        Used(
            row["post"],
            row["decision"],
            row["field"],
            row["per"],
            row["since"],
            row["entries"],
            row["amount"],
            {name: Decimal(each) for name, each in row["came"].items()},
        )
        for row in rows
    )


def end(
    connection: Connection[DictRow],
    appointments: Mapping[UUID, UUID | None],
    now: datetime,
    by: str,
) -> None:
    """Let appointments and their delegations end; what has not begun is withdrawn.

    appointments: each with the one by which its holder goes on, or None.
    Lock: their rows, until the transaction ends.
    """
    ids, after = list(appointments), list(appointments.values())
    for statement in (
        """
        UPDATE delegation
           SET during = CASE WHEN lower(during) >= %(now)s THEN 'empty'
                             ELSE tstzrange(lower(during), %(now)s, '[)') END,
               ended_by = %(by)s, ended_at = %(now)s
         WHERE appointment = ANY(%(ids)s) AND NOT isempty(during) AND upper(during) > %(now)s
        """,
        """
        UPDATE appointment
           SET during = CASE WHEN lower(during) >= %(now)s THEN 'empty'
                             ELSE tstzrange(lower(during), %(now)s, '[)') END,
               ended_by = %(by)s, ended_at = %(now)s, goes_on = moved.goes_on
          FROM unnest(%(ids)s::uuid[], %(after)s::uuid[]) AS moved (id, goes_on)
         WHERE appointment.id = moved.id
        """,
    ):
        connection.execute(statement, {"ids": ids, "after": after, "now": now, "by": by})


def seat(connection: Connection[DictRow], made: Held, now: datetime, by: str) -> None:
    """Put somebody on the seat by which an appointment goes on."""
    during = TimestamptzRange(made.start, made.end, "[)")
    connection.execute(
        """
        INSERT INTO appointment (id, person, post, seat, kind, wished, during, recorded_by,
                                 recorded_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [made.id, made.person, made.post, made.seat, made.kind, during, during, by, now],
    )


def lend_on(
    connection: Connection[DictRow], old: UUID, new: UUID, appointment: UUID, now: datetime, by: str
) -> None:
    """Let a delegation go on upon another appointment, for the time that was left of it."""
    connection.execute(
        """
        INSERT INTO delegation (id, appointment, person, workflows, outcomes, condition, reason,
                                wished, during, recorded_by, recorded_at)
        SELECT %(new)s, appointment.id, old.person, old.workflows, old.outcomes, old.condition,
               old.reason, rest.during, rest.during, %(by)s, %(now)s
          FROM delegation AS old
          JOIN appointment ON appointment.id = %(appointment)s
         CROSS JOIN LATERAL (
                SELECT tstzrange(greatest(lower(old.wished), %(now)s), upper(old.wished), '[)')
                       * appointment.during AS during) AS rest
         WHERE old.id = %(old)s AND NOT isempty(rest.during)
        """,
        {"old": old, "new": new, "appointment": appointment, "now": now, "by": by},
    )


def keep_heirs(connection: Connection[DictRow], found: Heirs) -> None:
    """Keep who acts for the posts of earlier versions, and nobody else."""
    connection.execute("DELETE FROM post_taken")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO post_taken (post, role, called, heir, first) VALUES (%s, %s, %s, %s, %s)",
            [(each.post, each.role, each.called, each.heir, each.first) for each in sorted(found)],
        )


def act_as(connection: Connection[DictRow], firsts: Mapping[str, str]) -> None:
    """Let sessions that act in a post that is gone act in the one that took its place."""
    connection.execute(
        """
        UPDATE session SET acting_as = now.value
          FROM jsonb_each_text(%s) AS now WHERE session.acting_as = now.key
        """,
        [Jsonb(dict(firsts))],
    )


def last(connection: Connection[DictRow]) -> tuple[int, str] | None:
    """Return the position and the hash of the latest change of the organisation, or None."""
    row = connection.execute(
        "SELECT position, hash FROM reorganisation ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return None if row is None else (row["position"], row["hash"])


def keep(
    connection: Connection[DictRow],
    position: int,
    now: datetime,
    person: str | None,
    body: bytes,
    digest: str,
) -> None:
    """Write down what a change of the organisation did, with the version that took effect last."""
    connection.execute(
        """
        INSERT INTO reorganisation (position, activation, at, person, body, hash)
        SELECT %s, max(position), %s, %s, %s, %s FROM activation
        """,
        [position, now, person, body, digest],
    )


def open_ledger(connection: Connection[DictRow], reorganisation: int, entry: list[object]) -> None:
    """Write an entry of a ledger that another post had used up.

    entry: post, source, decision, field, per, since, entry, before and counts.
    """
    connection.execute(
        """
        INSERT INTO allowance_use (reorganisation, post, source, decision, field, per, since, entry,
                                   before, counts)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [reorganisation, *entry],
    )


def every(connection: Connection[DictRow]) -> list[DictRow]:
    """Return all changes of the organisation, in their order, with the version that took effect."""
    return connection.execute(
        """
        SELECT reorganisation.position, reorganisation.at, reorganisation.person, body, hash,
               activation.digest AS version, person.name
          FROM reorganisation
          JOIN activation ON activation.position = reorganisation.activation
          LEFT JOIN person ON person.id = reorganisation.person
         ORDER BY reorganisation.position
        """
    ).fetchall()
