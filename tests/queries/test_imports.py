"""Imports: how far they came, and how the log deviates from the model."""

from datetime import timedelta
from uuid import UUID

from kingpost.queries.flow import list_imports, read_deviations
from kingpost.store.pool import Database as Pool

RUN = UUID(int=1)


def imported(pool: Pool) -> None:
    with pool.transaction() as connection:
        connection.execute(
            """
            INSERT INTO import_run (id, source, cases, done, counts, shift_ms, moment, seed,
                                    started_at)
            VALUES (%s, 'log.csv', 9, 4, '{"rows": 20}', 60000, now(), decode(repeat('00', 32),
                    'hex'), now())
            """,
            [RUN],
        )
        for line, kind in enumerate(("late", "gone", "late", "late"), start=1):
            connection.execute(
                """
                INSERT INTO deviation (run_id, line, part, number, kind, reason, row)
                VALUES (%s, %s, 1, %s, %s, 'because', '{"state": "odd"}')
                """,
                [RUN, line, f"INC{line % 2}", kind],
            )


def test_an_import_says_how_far_it_came(pool: Pool) -> None:
    assert list_imports(pool) == ()
    imported(pool)

    (run,) = list_imports(pool)

    assert (run.source, run.cases, run.done, run.deviations) == ("log.csv", 9, 4, 4)
    assert (run.counts, run.shift, run.finished_at) == ({"rows": 20}, timedelta(minutes=1), None)


def test_deviations_are_counted_by_kind_and_listed_in_the_order_of_the_log(pool: Pool) -> None:
    imported(pool)

    found = read_deviations(pool, RUN, page=2, size=3)

    assert [(kind.kind, kind.count, kind.cases) for kind in found.kinds] == [
        ("late", 3, 2),
        ("gone", 1, 1),
    ]
    assert ([row.line for row in found.page.rows], found.page.total) == ([4], 4)
    gone = read_deviations(pool, RUN, kind="gone").page
    assert ([(row.line, row.row) for row in gone.rows], gone.total) == ([(2, {"state": "odd"})], 1)
    assert read_deviations(pool, UUID(int=2)).page.rows == ()
