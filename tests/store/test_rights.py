"""What the database itself refuses, to the program and even to the owner of the tables."""

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from kingpost.decisions.commands import Complete
from kingpost.store.embedded import EmbeddedServer
from kingpost.store.errors import WrongRoleError
from kingpost.store.migrations import migrate
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import Office


@pytest.fixture
def worked(database: Database) -> Database:
    """A database with two events."""
    with Pool(database.app_url, connections=4) as pool:
        office = Office.opened(pool)
        case = office.start()
        office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    return database


def name_of(database: Database) -> str:
    return str(conninfo_to_dict(database.owner_url)["dbname"])


def month_of(url: str) -> str:
    """Return the partition in which the events lie."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT tableoid::regclass::text FROM event").fetchone()
    assert row is not None
    assert row[0].startswith("event_2")
    return row[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {event} SET kind = 'other'",
        "DELETE FROM {event}",
        "TRUNCATE {event}",
        "ALTER TABLE {event} DISABLE TRIGGER ALL",
        "ALTER TABLE {event} ADD COLUMN extra text",
        "DROP TABLE {event}",
        "ALTER TABLE {event} DISABLE TRIGGER event_is_final",
        "UPDATE command SET seq = 9",
        "DELETE FROM command",
        "DELETE FROM case_file",
        "DELETE FROM appointment",
        "DELETE FROM absence",
        "UPDATE absence SET person = 'ben'",
        "DELETE FROM allowance_use",
        "UPDATE allowance_use SET counts = 0",
        "DELETE FROM delegation",
        "UPDATE delegation SET person = 'ben'",
        "INSERT INTO register_entry (kind) VALUES ('appointed')",
        "UPDATE register_entry SET recorded_by = 'ben'",
        "DELETE FROM register_entry",
        "UPDATE appointment SET person = 'ben'",
        "UPDATE model_version SET content = ''",
        "DELETE FROM activation",
        "DELETE FROM vault",
        "SET session_replication_role = replica",
        "SET ROLE kingpost_owner",
        "CREATE TABLE own (id integer)",
    ],
)
def test_the_program_can_only_add_to_what_happened(worked: Database, statement: str) -> None:
    for event in ("event", month_of(worked.app_url)):
        with (
            psycopg.connect(worked.app_url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement.format(event=event).encode())


def test_the_program_owns_nothing(worked: Database) -> None:
    with psycopg.connect(worked.app_url) as connection:
        owned = connection.execute(
            "SELECT relname FROM pg_class WHERE pg_has_role(current_user, relowner, 'USAGE')"
        ).fetchall()
        role = connection.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()

    assert owned == []
    assert role == (False,)


@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET kind = 'x'", "DELETE FROM {0}", "TRUNCATE {0}"]
)
@pytest.mark.parametrize("table", ["event", "event_other", "month"])
@pytest.mark.parametrize("pretending", [False, True])
def test_the_owner_is_stopped_by_a_trigger(
    worked: Database, server: EmbeddedServer, statement: str, table: str, *, pretending: bool
) -> None:
    """Even a superuser who pretends to be a replica, for whom ordinary triggers are silent."""
    name = month_of(worked.owner_url) if table == "month" else table
    url = worked.owner_url
    if pretending:
        url = server.url(name_of(worked), "postgres")
    with psycopg.connect(url) as connection:
        if pretending:
            connection.execute("SET session_replication_role = replica")
        if table == "event_other" and not statement.startswith("TRUNCATE"):
            connection.execute(
                "INSERT INTO event (case_id, seq, kind, at, hash, header, body)"
                " VALUES (gen_random_uuid(), 1, 'x', now(), repeat('0', 64), '', '')"
            )
        with pytest.raises(psycopg.errors.RaiseException, match="added and never changed"):
            connection.execute(statement.format(name).encode())


def test_a_role_that_owns_the_tables_must_be_able_to_step_down(database: Database) -> None:
    with pytest.raises(WrongRoleError, match="`kingpost_owner` owns the tables and may not"):
        Pool(database.owner_url).open()


def test_a_role_that_may_step_down_does(database: Database, server: EmbeddedServer) -> None:
    url = server.url(name_of(database), "postgres")
    with Pool(url, connections=2) as pool, pool.connection() as connection:
        row = connection.execute("SELECT current_user AS who").fetchone()

    assert row == {"who": "kingpost_app"}


CALLS = (
    "appoint(gen_random_uuid(), 'a', 'b', 'acting', tstzrange(now(), NULL), 'c')",
    "end_appointment(gen_random_uuid(), now(), 'c')",
    "delegate(gen_random_uuid(), gen_random_uuid(), 'a', '{}', '{}', NULL, 'r', 'empty', 'c')",
    "end_delegation(gen_random_uuid(), now(), 'c')",
    "hold_rights('{}')",
    "is_held('a', now())",
    "end_absence(gen_random_uuid(), now(), 'c')",
    "record(gen_random_uuid(), '', 0, '{}', '', '')",
    "carry(gen_random_uuid(), '', 0, '{}', '', '')",
    "provide_event_month(current_date)",
    "uuid_floor(now())",
)


@pytest.mark.parametrize("call", CALLS)
def test_a_role_that_was_given_nothing_can_call_nothing(
    worked: Database, server: EmbeddedServer, call: str
) -> None:
    with psycopg.connect(server.url(name_of(worked), "postgres")) as connection:
        connection.execute("CREATE ROLE stranger")
        connection.execute("SET ROLE stranger")
        with pytest.raises(
            psycopg.errors.InsufficientPrivilege, match="permission denied for function"
        ):
            connection.execute(f"SELECT {call}".encode())
        connection.rollback()


def test_no_function_of_ours_is_everybodys(worked: Database) -> None:
    """Also one that comes later: what an extension brings is not ours."""
    with psycopg.connect(worked.app_url) as connection:
        rows = connection.execute(
            """
            SELECT proname, has_function_privilege('kingpost_app', oid, 'EXECUTE'),
                   EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                            WHERE grantee = 0)
              FROM pg_proc
             WHERE pronamespace = 'public'::regnamespace
               AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
            """
        ).fetchall()

    assert {name for name, _, everybodys in rows if everybodys} == set()
    assert {name for name, ours, _ in rows if ours} == {
        "answering",
        "appoint",
        "carry",
        "counts_now",
        "hold_attempt",
        "note_calls",
        "begin_child",
        "note_cases",
        "note_heard",
        "note_timers",
        "take_message",
        "use_allowance",
        "delegate",
        "end_absence",
        "end_appointment",
        "end_delegation",
        "hold_rights",
        "is_held",
        "provide_event_month",
        "record",
    }


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrate(database.owner_url) == ()
