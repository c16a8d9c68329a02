"""The register: people, and the posts they hold from when until when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from psycopg.types.range import TimestamptzRange

from kingpost.store.errors import translated

Ending = Literal["ended", "withdrawn"]


def keep_people(
    connection: Connection[DictRow], people: Iterable[tuple[str, str]], *, are_agents: bool = False
) -> int:
    """Add people, or give them another name; return how many.

    people:     pairs of id and name. are_agents: they are machine agents.
    Raises:     KindChangedError, when one is there already and is of the other kind.
    """
    # In one order for all, so that two lists of the same people do not wait for each other.
    rows = [(*person, are_agents) for person in sorted(people)]
    try:
        with connection.cursor() as cursor:
            cursor.executemany(
                """
                INSERT INTO person (id, name, is_agent)
                VALUES (%s, %s, %s)
                ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, is_agent = EXCLUDED.is_agent
                """,
                rows,
            )
    except DatabaseError as error:
        raise translated(error) from error
    return len(rows)


def appoint(  # noqa: PLR0913 - the columns of one row
    connection: Connection[DictRow],
    appointment: UUID,
    *,
    person: str,
    post: str,
    kind: str,
    start: datetime,
    end: datetime | None,
    by: str,
) -> int:
    """Put a person on a free seat of a post; return the seat.

    kind:   `substantive` or `acting`; an agent's is always `agent`. end: exclusive; None for none.
    Raises: NoSuchPostError, NoFreeSeatError, AlreadyHoldsError, UnknownPersonError,
            WrongHolderError.
    Lock:   the post's row, and those of agents for which its holder answers, until the transaction
            ends.
    """
    try:
        row = connection.execute(
            "SELECT appoint(%(id)s, %(person)s, %(post)s, %(kind)s, %(during)s, %(by)s) AS seat",
            {
                "id": appointment,
                "person": person,
                "post": post,
                "kind": kind,
                "during": TimestamptzRange(start, end, "[)"),
                "by": by,
            },
        ).fetchone()
    except DatabaseError as error:
        raise translated(error) from error
    assert row is not None, "the function answers with one row"
    return row["seat"]


def lock_posts(connection: Connection[DictRow], posts: Iterable[str]) -> None:
    """Lock posts that people are to be put on, in one order for all.

    Lock: their rows, and those of agents for which their holders answer, until the transaction
          ends.
    """
    connection.execute(
        """
        SELECT FROM post
         WHERE id = ANY(%(posts)s) OR answered_for_by = ANY(%(posts)s) OR heir = ANY(%(posts)s)
         ORDER BY id FOR UPDATE
        """,
        {"posts": sorted(set(posts))},
    )


def end_appointment(
    connection: Connection[DictRow], appointment: UUID, end: datetime, *, by: str
) -> Ending | None:
    """Let an appointment end, or withdraw it before it begins; None when none still runs then.

    end:  a moment that has passed means now: what was decided until now stays decided.
    Lock: its row, so that a decision that relies on it comes before or after, not between.
    """
    row = connection.execute(
        "SELECT end_appointment(%(id)s, %(end)s, %(by)s) AS ending",
        {"id": appointment, "end": end, "by": by},
    ).fetchone()
    assert row is not None, "the function answers with one row"
    return row["ending"]


def note_absence(  # noqa: PLR0913 - the columns of one row
    connection: Connection[DictRow],
    absence: UUID,
    *,
    person: str,
    start: datetime,
    end: datetime | None,
    reason: str,
    by: str,
) -> None:
    """Note that a person is away. end: exclusive; None for until further notice.

    Lock:   the person's row, until the transaction ends: two absences at one time, or one that is
            noted and one that ends, would otherwise each wait for the other to say whether they
            overlap.
    Raises: AwayAlreadyError, UnknownPersonError.
    """
    connection.execute("SELECT FROM person WHERE id = %s FOR NO KEY UPDATE", [person])
    try:
        connection.execute(
            """
            INSERT INTO absence (id, person, reason, wished, during, recorded_by)
            VALUES (%(id)s, %(person)s, %(reason)s, %(during)s, %(during)s, %(by)s)
            ON CONFLICT (id) DO NOTHING
            """,
            {
                "id": absence,
                "person": person,
                "reason": reason,
                "during": TimestamptzRange(start, end, "[)"),
                "by": by,
            },
        )
    except DatabaseError as error:
        raise translated(error) from error


def end_absence(
    connection: Connection[DictRow], absence: UUID, end: datetime, *, by: str
) -> Ending | None:
    """Let an absence end, or withdraw it before it begins; None when none still runs then.

    end:  a moment that has passed means now.
    Lock: the person's row, as `note_absence`; and the posts of the person, so that who stands in
          for them comes before, or not at all.
    """
    connection.execute(
        """
        SELECT FROM person
         WHERE id = (SELECT person FROM absence WHERE id = %s)
           FOR NO KEY UPDATE
        """,
        [absence],
    )
    row = connection.execute(
        "SELECT end_absence(%(id)s, %(end)s, %(by)s) AS ending",
        {"id": absence, "end": end, "by": by},
    ).fetchone()
    assert row is not None, "the function answers with one row"
    return row["ending"]


def ended_by(connection: Connection[DictRow], appointment: UUID) -> str | None:
    """Return who has ended or withdrawn an appointment, or None."""
    row = connection.execute(
        "SELECT ended_by FROM appointment WHERE id = %s", [appointment]
    ).fetchone()
    return None if row is None else row["ended_by"]


def vacant_posts(connection: Connection[DictRow], at: datetime | None = None) -> frozenset[str]:
    """Return the posts of the running model that nobody holds who is there. at: None for now."""
    rows = connection.execute(
        """
        SELECT post.id
          FROM post
         WHERE NOT is_held(post.id, coalesce(%s, clock_timestamp()))
        """,
        [at],
    ).fetchall()
    return frozenset(row["id"] for row in rows)


def goes_on(connection: Connection[DictRow], appointment: str) -> str:
    """Return the appointment by which somebody goes on whose post became another one."""
    row = connection.execute(
        """
        WITH RECURSIVE way AS (
                SELECT id, goes_on FROM appointment WHERE id = %s::uuid
                 UNION
                SELECT next.id, next.goes_on
                  FROM way
                  JOIN appointment AS next ON next.id = way.goes_on
             )
        SELECT id::text FROM way WHERE goes_on IS NULL
        """,
        [appointment],
    ).fetchone()
    return appointment if row is None else row["id"]


def has_ended(connection: Connection[DictRow], appointment: str) -> bool:
    """Tell whether an appointment does not run now, nor the one by which it goes on."""
    row = connection.execute(
        "SELECT FROM appointment WHERE id = %s::uuid AND during @> clock_timestamp()",
        [goes_on(connection, appointment)],
    ).fetchone()
    return row is None


def all_appointments(
    connection: Connection[DictRow],
) -> list[tuple[str, str, UUID, str, datetime, datetime | None]]:
    """Return every appointment not withdrawn as person, post, id, kind, start and end."""
    rows = connection.execute(
        """
        SELECT person, post, id, kind, lower(during) AS start, upper(during) AS stop
          FROM appointment
         WHERE NOT isempty(during)
         ORDER BY person, post, start
        """
    ).fetchall()
    return [
        (row["person"], row["post"], row["id"], row["kind"], row["start"], row["stop"])
        for row in rows
    ]


def hold_rights(connection: Connection[DictRow], rights: Sequence[str]) -> None:
    """Hold the appointments on which an authority rests until the transaction ends.

    Raises: RightEndedError, when one of them has ended.
    """
    try:
        connection.execute("SELECT hold_rights(%s)", [Jsonb({"rights": list(rights)})])
    except DatabaseError as error:
        raise translated(error) from error
