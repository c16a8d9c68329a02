"""Plans of changes: kept whole, and never changed but for what came of them."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from kingpost.decisions.carrying.judged import Verdict
from kingpost.decisions.planned.plan import Foreseen, Plan


def keep(
    connection: Connection[DictRow], plan: Plan, cases: Sequence[Foreseen], person: str | None
) -> None:
    """Keep a plan; keeping it twice changes nothing."""
    kept = connection.execute(
        """
        INSERT INTO plan (digest, running, version, policies, at, scenarios, failed, cases_number,
                          cases_digest, person)
        VALUES (%(digest)s, %(running)s, %(version)s, %(policies)s, %(at)s, %(scenarios)s,
                %(failed)s, %(number)s, %(cases)s, %(person)s)
        ON CONFLICT (digest) DO NOTHING
        """,
        {
            "digest": plan.digest,
            "running": plan.running,
            "version": plan.version,
            "policies": Jsonb(dict(plan.policies)),
            "at": plan.at,
            "scenarios": plan.scenarios,
            "failed": list(plan.failed),
            "number": plan.cases_number,
            "cases": plan.cases_digest,
            "person": person,
        },
    ).rowcount
    if not kept:
        return
    columns = "plan, case_id, model, seq, verdict, later, reasons"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY plan_case ({columns}) FROM STDIN (FORMAT binary)") as rows,
    ):
        rows.set_types(("text", "uuid", "text", "int4", "text", "bool", "jsonb"))
        for each in cases:
            told = (each.verdict.value, each.later, Jsonb(list(each.reasons)))
            rows.write_row((plan.digest, each.case, each.model, each.seq, *told))


def find(connection: Connection[DictRow], written: str) -> list[DictRow]:
    """Return the plans whose digest begins so, the latest first; an empty beginning finds all.

    written: hexadecimal digits.
    """
    return connection.execute(
        """
        SELECT plan.*, coalesce(person.name, plan.person) AS by,
               coalesce(applier.name, plan.applied_by) AS applied_by_name,
               proposal.state AS proposed
          FROM plan
          LEFT JOIN proposal ON proposal.plan = plan.digest
          LEFT JOIN person ON person.id = plan.person
          LEFT JOIN person AS applier ON applier.id = plan.applied_by
         WHERE starts_with(plan.digest, %s)
         ORDER BY plan.at DESC, plan.digest
        """,
        [written],
    ).fetchall()


def find_open(connection: Connection[DictRow]) -> list[DictRow]:
    """Return the plans that are proposed now, and were made for the version that runs."""
    proposed = connection.execute(
        """
        SELECT proposal.plan
          FROM proposal
          JOIN plan ON plan.digest = proposal.plan
         WHERE proposal.state = 'open'
           AND plan.running = (SELECT digest FROM activation ORDER BY position DESC LIMIT 1)
        """
    ).fetchall()
    return [row for each in proposed for row in find(connection, each["plan"])]


def began(connection: Connection[DictRow]) -> dict[UUID, str | None]:
    """Return who let each change of the model begin that asks live cases to go over, by its id."""
    rows = connection.execute("SELECT id, person FROM carry_over").fetchall()
    return {row["id"]: row["person"] for row in rows}


def read(row: DictRow) -> Plan:
    """Return the plan of a row."""
    return Plan(
        row["running"],
        row["version"],
        row["policies"],
        row["at"],
        row["scenarios"],
        tuple(row["failed"]),
        row["cases_number"],
        row["cases_digest"],
    )


def cases(connection: Connection[DictRow], plan: str) -> Iterator[Foreseen]:
    """Yield what a plan says of cases, by their ids."""
    rows = connection.execute(
        """
        SELECT one.case_id, case_file.number, case_file.workflow, one.model, one.seq, one.verdict,
               one.later, one.reasons
          FROM plan_case AS one
          JOIN case_file ON case_file.id = one.case_id
         WHERE one.plan = %s
         ORDER BY one.case_id
        """,
        [plan],
    )
    for row in rows:
        yield Foreseen(
            row["case_id"],
            row["number"],
            row["workflow"],
            row["model"],
            row["seq"],
            Verdict(row["verdict"]),
            row["later"],
            tuple(row["reasons"]),
        )


def hold(connection: Connection[DictRow], plan: str) -> DictRow | None:
    """Return a plan and let nobody else apply it. Lock: its row, until the transaction ends."""
    return connection.execute("SELECT * FROM plan WHERE digest = %s FOR UPDATE", [plan]).fetchone()


def note_applied(
    connection: Connection[DictRow], plan: str, change: UUID, person: str | None
) -> None:
    """Write down that a plan was applied, and where it is told what came of it."""
    connection.execute(
        """
        UPDATE plan SET carry_over = %s, applied_at = clock_timestamp(), applied_by = %s
         WHERE digest = %s
        """,
        [change, person, plan],
    )
