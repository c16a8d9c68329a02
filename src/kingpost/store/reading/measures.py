"""Values for metrics: what they come to at a moment, and the cases behind them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg import Connection
from psycopg.rows import DictRow

Order = Literal["lowest", "highest", "latest"]


@dataclass(frozen=True, slots=True)
class Question:
    """One number to compute: of the values of a metric after `since` and up to `until`.

    part: of the percentile that is wanted; None for no percentile.
    """

    metric: str
    since: datetime | None
    until: datetime
    part: float | None


def answers(connection: Connection[DictRow], questions: list[Question]) -> list[DictRow]:
    """Return for each question, in order: how many values, their sum, and their percentile."""
    return connection.execute(
        """
        SELECT found.population, found.total, found.percentile
          FROM unnest(%(metrics)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[],
                      %(parts)s::float8[])
               WITH ORDINALITY AS asked (metric, since, until, part, place)
         CROSS JOIN LATERAL (
                SELECT count(*) AS population, coalesce(sum(value), 0) AS total,
                       percentile_cont(asked.part) WITHIN GROUP (
                            ORDER BY CASE WHEN asked.part IS NOT NULL THEN value END
                       ) AS percentile
                  FROM measurement
                 WHERE metric = asked.metric AND at <= asked.until
                   AND at > coalesce(asked.since, '-infinity')
               ) AS found
         ORDER BY asked.place
        """,
        {
            "metrics": [question.metric for question in questions],
            "since": [question.since for question in questions],
            "until": [question.until for question in questions],
            "parts": [question.part for question in questions],
        },
    ).fetchall()


def counted(
    connection: Connection[DictRow], question: Question, order: Order, limit: int, offset: int
) -> list[DictRow]:
    """Return the values behind a number with their cases."""
    return connection.execute(
        """
        SELECT measurement.case_id, case_file.number, case_file.workflow, case_file.state,
               measurement.at, measurement.value, measurement.seq
          FROM measurement
          JOIN case_file ON case_file.id = measurement.case_id
         WHERE measurement.metric = %(metric)s AND measurement.at <= %(until)s
           AND measurement.at > coalesce(%(since)s, '-infinity'::timestamptz)
         ORDER BY CASE %(order)s WHEN 'lowest' THEN value WHEN 'highest' THEN -value ELSE 0 END,
                  measurement.at DESC, measurement.case_id, measurement.seq
         LIMIT %(limit)s OFFSET %(offset)s
        """,
        {
            "metric": question.metric,
            "since": question.since,
            "until": question.until,
            "order": order,
            "limit": limit,
            "offset": offset,
        },
    ).fetchall()
