"""Carrying live cases over: which are left, and what came of each; nothing is done twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection, DatabaseError
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kingpost.decisions.case import Case
from kingpost.decisions.transition import Transition
from kingpost.store.cases import read_row
from kingpost.store.errors import translated
from kingpost.store.recording.news import write_news


@dataclass(frozen=True, slots=True)
class Left:
    """A case that is to be carried over. planned: the verdict that was approved, or None.

    now: the time at which it was read.
    """

    case: Case
    planned: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a case."""

    case: UUID
    outcome: str
    words: str
    seq: int


def begin(connection: Connection[DictRow], asked: Mapping[str, Any]) -> bool:
    """Write down that live cases are to go over to the version that runs; False when it was before.

    What was begun earlier and is not over ends: its cases are judged anew, or stay.

    asked: `id`, `digest`, `policies`, `person`, `planned`, the verdicts by case, and `workflows`,
           all that the version has. Without policies it is over at once.
    """
    found = connection.execute(
        """
        INSERT INTO carry_over (id, digest, policies, person, ended_at)
        VALUES (%(id)s, %(digest)s, %(policies)s, %(person)s,
                CASE WHEN %(policies)s = '{}'::jsonb THEN clock_timestamp() END)
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """,
        {**asked, "policies": Jsonb(asked["policies"])},
    ).fetchone()
    if found is None:
        return False
    # Before cases are looked for, so that none is on its way to the version of before.
    earlier = _end_earlier(connection, asked["id"])
    _find_cases(connection, asked)
    _leave(connection, earlier, asked["id"])
    return True


def leave_all(connection: Connection[DictRow]) -> None:
    """End all carrying over, since a version takes effect to which no case goes over."""
    _leave(connection, _end_earlier(connection, None), None)


def _end_earlier(connection: Connection[DictRow], change: UUID | None) -> list[UUID]:
    """End what is not over, but for one change; return what was ended.

    Lock: waits for each stage under way, and the next one finds that it is over: see `hold`.
    """
    rows = connection.execute(
        """
        UPDATE carry_over SET ended_at = clock_timestamp()
         WHERE ended_at IS NULL AND id IS DISTINCT FROM %s
        RETURNING id
        """,
        [change],
    ).fetchall()
    return [row["id"] for row in rows]


def _leave(connection: Connection[DictRow], earlier: Sequence[UUID], change: UUID | None) -> None:
    """Write down what becomes of cases that earlier changes left. change: the one after them."""
    connection.execute(
        """
        UPDATE carry_over_case AS one
           SET ended_at = clock_timestamp(),
               (outcome, words) = (
                   SELECT CASE WHEN case_file.closed_at IS NOT NULL THEN 'ended'
                               WHEN later.case_id IS NOT NULL THEN 'superseded' ELSE 'stays' END,
                          CASE WHEN case_file.closed_at IS NOT NULL THEN 'it has ended meanwhile'
                               WHEN later.case_id IS NOT NULL THEN one.words
                               ELSE 'a later change took effect, and leaves it where it is' END
                     FROM case_file
                     LEFT JOIN carry_over_case AS later
                            ON later.carry_over = %(id)s AND later.case_id = one.case_id
                    WHERE case_file.id = one.case_id)
         WHERE one.carry_over = ANY(%(earlier)s)
           AND (one.outcome IS NULL OR one.outcome IN ('waits', 'asks'))
        """,
        {"earlier": list(earlier), "id": change},
    )


def _find_cases(connection: Connection[DictRow], asked: Mapping[str, Any]) -> None:
    """Write down the live cases of other versions, and all of which a plan says something.

    Of those that the change does not reach it is written down at once what becomes of them.
    """
    planned: Mapping[UUID, str] = asked["planned"]
    connection.execute(
        """
        WITH plan AS (
                SELECT * FROM unnest(%(cases)s::uuid[], %(verdicts)s::text[])
                           AS plan (case_id, verdict)
             ), one AS (
                SELECT id, model, workflow, NULL AS over
                  FROM case_file
                 WHERE closed_at IS NULL AND model <> %(digest)s
                 UNION ALL
                SELECT id, model, workflow,
                       CASE WHEN closed_at IS NOT NULL THEN 'ended' ELSE 'unaffected' END
                  FROM plan
                  JOIN case_file ON id = case_id
                 WHERE closed_at IS NOT NULL OR model = %(digest)s
             ), told AS (
                SELECT one.*, plan.verdict, NOT workflow = ANY(%(workflows)s) AS gone,
                       policies ? workflow AS reached
                  FROM one
                  JOIN carry_over ON carry_over.id = %(id)s
                  LEFT JOIN plan ON plan.case_id = one.id
             )
        INSERT INTO carry_over_case (carry_over, case_id, digest, planned, outcome, words, ended_at)
        SELECT %(id)s, id, model, verdict,
               CASE WHEN over IS NOT NULL THEN over
                    WHEN gone OR NOT reached THEN 'stays' END,
               CASE WHEN over = 'ended' THEN 'it has ended meanwhile'
                    WHEN over IS NOT NULL THEN 'it is there already'
                    WHEN gone THEN 'the new version has no workflow `' || workflow || '`'
                    WHEN NOT reached THEN 'cases in flight end on their version' ELSE '' END,
               CASE WHEN over IS NOT NULL OR gone OR NOT reached THEN clock_timestamp() END
          FROM told
         WHERE verdict IS NOT NULL OR reached OR gone
        """,
        {
            "id": asked["id"],
            "digest": asked["digest"],
            "cases": list(planned),
            "verdicts": list(planned.values()),
            "workflows": asked["workflows"],
        },
    )


def find_late(connection: Connection[DictRow], change: UUID, late: timedelta) -> int:
    """Write down live cases that began on another version around the time of the change.

    late:    so long before and after it; what was asked for before may begin a little later.
    Returns: how many there were; none of a change that is over.
    """
    return connection.execute(
        """
        INSERT INTO carry_over_case (carry_over, case_id, digest)
        SELECT going.id, case_file.id, case_file.model
          FROM carry_over AS going,
               LATERAL jsonb_object_keys(going.policies) AS reached (workflow)
          JOIN case_file ON case_file.workflow = reached.workflow
                        AND case_file.closed_at IS NULL
         WHERE going.id = %(id)s AND going.ended_at IS NULL
           AND going.digest = (SELECT digest FROM activation ORDER BY position DESC LIMIT 1)
           AND case_file.started_at BETWEEN going.begun_at - %(late)s AND going.begun_at + %(late)s
           AND case_file.model <> going.digest
            ON CONFLICT DO NOTHING
        """,
        {"id": change, "late": late},
    ).rowcount


def hold(connection: Connection[DictRow], change: UUID) -> bool:
    """Keep a change going until the transaction ends; False when it is over.

    Lock: its row, shared with other stages. A version that takes effect waits for it.
    """
    row = connection.execute(
        """
        SELECT id FROM carry_over
         WHERE id = %s AND ended_at IS NULL
           AND digest = (SELECT digest FROM activation ORDER BY position DESC LIMIT 1)
           FOR SHARE
        """,
        [change],
    ).fetchone()
    return row is not None


def going(connection: Connection[DictRow]) -> list[DictRow]:
    """Return what goes over to the version that runs and is not over yet."""
    return connection.execute(
        """
        SELECT *, clock_timestamp() AS now FROM carry_over
         WHERE ended_at IS NULL
           AND digest = (SELECT digest FROM activation ORDER BY position DESC LIMIT 1)
         ORDER BY begun_at
        """
    ).fetchall()


def end(connection: Connection[DictRow], change: UUID) -> bool:
    """Note that nothing is left to be done; False while something is."""
    return bool(
        connection.execute(
            """
            UPDATE carry_over SET ended_at = clock_timestamp()
             WHERE id = %(id)s AND ended_at IS NULL
               AND NOT EXISTS (SELECT FROM carry_over_case
                                WHERE carry_over = %(id)s
                                  AND (outcome IS NULL OR outcome IN ('waits', 'asks')))
            """,
            {"id": change},
        ).rowcount
    )


def take(
    connection: Connection[DictRow], change: UUID, limit: int, *, again: bool = False
) -> list[Left]:
    """Take up to `limit` cases that nobody else has in hand.

    again: those that wait for their next step, or ask, and have moved, instead of those that were
           not tried yet.
    Lock:  their rows, and those of the cases, until the transaction ends. A case that a command
           has in hand is passed over; it is taken by the next call.
    """
    rows = connection.execute(
        """
        WITH taken AS (
                SELECT case_id, planned, seq
                  FROM carry_over_case
                 WHERE carry_over = %(id)s
                   AND CASE WHEN %(again)s THEN outcome IN ('waits', 'asks')
                            ELSE outcome IS NULL END
                   AND (NOT %(again)s OR EXISTS (
                            SELECT FROM case_file
                             WHERE case_file.id = carry_over_case.case_id
                               AND case_file.version > carry_over_case.seq))
                 ORDER BY case_id
                 LIMIT %(limit)s
                   FOR UPDATE SKIP LOCKED
             )
        SELECT c.id, c.number, c.workflow, c.model, c.version, c.head, c.state, c.state_since,
               c.started_at, c.closed_at, c.fields, c.position, taken.planned,
               clock_timestamp() AS now
          FROM taken
          JOIN case_file AS c ON c.id = taken.case_id
         ORDER BY c.id
           FOR UPDATE OF c SKIP LOCKED
        """,
        {"id": change, "limit": limit, "again": again},
    ).fetchall()
    return [Left(read_row(row), row["planned"], row["now"]) for row in rows]


def take_one(connection: Connection[DictRow], case: UUID) -> Left | None:
    """Read one case and lock its row until the transaction ends; None when there is none."""
    row = connection.execute(
        """
        SELECT id, number, workflow, model, version, head, state, state_since, started_at,
               closed_at, fields, position, clock_timestamp() AS now
          FROM case_file WHERE id = %s FOR UPDATE
        """,
        [case],
    ).fetchone()
    return None if row is None else Left(read_row(row), None, row["now"])


def carry(
    connection: Connection[DictRow], carried: Sequence[tuple[UUID, str, Transition]]
) -> list[tuple[UUID, int]]:
    """Record many cases going over in one call, each as `record` would; all or none.

    They are sent as they are: to write lists out as text costs more than to judge the cases.

    carried: the idempotency key, the fingerprint and the transition of each.
    Returns: those that were recorded now, with the sequence of the event.
    """
    try:
        rows = connection.execute(
            """
            SELECT done.answer, done.case_id, done.seq
              FROM unnest(%(keys)b::uuid[], %(prints)b::text[], %(expected)b::integer[],
                          %(news)b::jsonb[], %(headers)b::bytea[], %(bodies)b::bytea[])
                   AS one (command, print, expected, news, header, body),
                   LATERAL carry(one.command, one.print, one.expected, one.news, one.header,
                                 one.body) AS done
            """,
            {
                "keys": [key for key, _, _ in carried],
                "prints": [print_ for _, print_, _ in carried],
                "expected": [each.case.version - 1 for _, _, each in carried],
                "news": [Jsonb(_news(each)) for _, _, each in carried],
                "headers": [each.link.header for _, _, each in carried],
                "bodies": [each.link.body for _, _, each in carried],
            },
        ).fetchall()
    except DatabaseError as error:
        raise translated(error) from error
    return [(row["case_id"], row["seq"]) for row in rows if row["answer"] == "recorded"]


def _news(transition: Transition) -> dict[str, Any]:
    renamed = {"renamed": [list(pair) for pair in transition.renamed]}
    return write_news(transition) | (renamed if transition.renamed else {})


def note_one(connection: Connection[DictRow], asked: Mapping[str, Any]) -> None:
    """Write down that somebody decides of one case; what came of it is to be noted with it.

    Where a change that goes on asks about the case, it does so no more.

    asked: `id`, `digest`, `policies`, `person`, `reason` and `case`.
    """
    values = {**asked, "policies": Jsonb(asked["policies"])}
    connection.execute(
        """
        UPDATE carry_over_case
           SET outcome = 'superseded', words = 'somebody decided of it',
               ended_at = clock_timestamp()
         WHERE case_id = %(case)s AND (outcome IS NULL OR outcome IN ('waits', 'asks'))
        """,
        values,
    )
    connection.execute(
        """
        INSERT INTO carry_over (id, digest, policies, person, reason, ended_at)
        VALUES (%(id)s, %(digest)s, %(policies)s, %(person)s, %(reason)s, clock_timestamp())
        """,
        values,
    )
    connection.execute(
        """
        INSERT INTO carry_over_case (carry_over, case_id, digest)
        SELECT %(id)s, id, model FROM case_file WHERE id = %(case)s
        """,
        values,
    )


def note(connection: Connection[DictRow], change: UUID, came: Iterable[Came]) -> None:
    """Write down what came of cases; of one that waits or asks nothing has ended."""
    every = list(came)
    connection.execute(
        """
        UPDATE carry_over_case
           SET outcome = one.outcome, words = one.words, seq = one.seq,
               ended_at = CASE WHEN one.outcome NOT IN ('waits', 'asks')
                               THEN clock_timestamp() END
          FROM unnest(%(cases)s::uuid[], %(outcomes)s::text[], %(words)s::text[],
                      %(seqs)s::integer[]) AS one (case_id, outcome, words, seq)
         WHERE carry_over = %(id)s AND carry_over_case.case_id = one.case_id
        """,
        {
            "id": change,
            "cases": [each.case for each in every],
            "outcomes": [each.outcome for each in every],
            "words": [each.words for each in every],
            "seqs": [each.seq for each in every],
        },
    )
