"""Every statement of whatever writes fails in turn: the state is before or after, never between.

From outside, the wire is cut at each statement, before the database has it and after. Inside the
database, each write of each function fails, before it is done and after. What only reads can fail
without a trace, so that inside a function the writes are all that counts.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields

import psycopg
import pytest
from psycopg import sql

from kingpost.decisions import commands
from kingpost.engine import perform as road
from kingpost.store.pool import Database as Pool
from tests.database import Database, Databases
from tests.faults.deeds import DEEDS, Deed, World, opened
from tests.faults.wire import Wire, wire_to

# Enough for the longest; whatever has more fails the test rather than being left out.
POINTS_MAX = 80

_TABLES = """
    SELECT table_name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'fault'
       AND table_name NOT LIKE 'event\\_%'
     ORDER BY 1
"""

# A trigger before and after every write counts, and fails the one that is asked for. A sequence
# counts, since it is not set back with the rest.
_TRIPWIRE = """
    CREATE TABLE fault (at bigint NOT NULL);
    INSERT INTO fault VALUES (0);
    CREATE SEQUENCE fault_point;
    CREATE FUNCTION trip() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        IF nextval('fault_point') = (SELECT at FROM fault) THEN
            RAISE EXCEPTION USING ERRCODE = 'KPFLT', MESSAGE = 'a write fails';
        END IF;
        RETURN NULL;
    END $$;
    DO $$
    DECLARE
        v_table text;
    BEGIN
        FOR v_table IN SELECT table_name FROM information_schema.tables
                        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                          AND table_name <> 'fault' AND table_name NOT LIKE 'event\\_%'
        LOOP
            EXECUTE format('CREATE TRIGGER trip_before BEFORE INSERT OR UPDATE OR DELETE ON %I
                            FOR EACH STATEMENT EXECUTE FUNCTION trip()', v_table);
            EXECUTE format('CREATE TRIGGER trip_after AFTER INSERT OR UPDATE OR DELETE ON %I
                            FOR EACH STATEMENT EXECUTE FUNCTION trip()', v_table);
        END LOOP;
    END $$;
"""


class Rig:
    """A world whose statements can be made to fail."""

    def __init__(self, world: World, wires: list[Wire], owners: list[psycopg.Connection]) -> None:
        self.world = world
        self.wires = wires
        self.owners = owners
        digest = sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t")
        self.digest = sql.SQL(" UNION ALL ").join(
            digest.format(sql.Identifier(name)) for (name,) in owners[0].execute(_TABLES)
        )

    def state(self) -> list[object]:
        """Return a digest of every row of every table."""
        return [owner.execute(self.digest).fetchall() for owner in self.owners]

    def settle(self) -> None:
        """Wait until what was cut is connected again, so that no point is counted for that."""
        for company in self.world.companies:
            company.database.drop_broken()
            with company.database.connection() as connection:
                connection.execute("SELECT 1")

    def cut(self, at: int, *, after: bool) -> Callable[[], bool]:
        """Cut the wire at a statement; return what mends it and tells whether it was cut."""
        for wire in self.wires:
            wire.arm(at, after=after)

        def mend() -> bool:
            fired = [wire.disarm() for wire in self.wires]
            return any(fired)

        return mend

    def trip(self, at: int) -> Callable[[], bool]:
        """Let a write fail; return what mends it and tells whether one has."""
        for owner in self.owners:
            owner.execute("SELECT setval('fault_point', 1, false)")
            owner.execute("UPDATE fault SET at = %s", [at])

        def mend() -> bool:
            last = [
                owner.execute("SELECT last_value FROM fault_point").fetchone()
                for owner in self.owners
            ]
            for owner in self.owners:
                owner.execute("UPDATE fault SET at = 0")
            return any(one is not None and one[0] >= at for one in last)

        return mend


@pytest.fixture(scope="module")
def rig(databases: Databases) -> Iterator[Rig]:
    """One world for all: whatever failed in it, it is sound in the end."""
    with ExitStack() as stack:
        kept: list[Database] = [stack.enter_context(databases.kept()) for _ in fields(World)]
        laid = [stack.enter_context(wire_to(database.app_url)) for database in kept]
        pools = [stack.enter_context(Pool(url, connections=1)) for _, url in laid]
        world = opened(*pools)
        owners = [
            stack.enter_context(psycopg.connect(database.owner_url, autocommit=True))
            for database in kept
        ]
        for owner in owners:
            owner.execute(_TRIPWIRE)
        yield Rig(world, [wire for wire, _ in laid], owners)
        assert world.sound()


@pytest.fixture(autouse=True)
def asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine asks again by itself when a connection breaks; here each failure must show."""
    monkeypatch.setattr(road, "_PAUSES_SECONDS", ())


@pytest.mark.slow
@pytest.mark.parametrize("name", DEEDS)
@pytest.mark.parametrize("manner", ["cut before", "cut after", "fails inside"])
def test_the_state_is_before_or_after_and_never_between(rig: Rig, name: str, manner: str) -> None:
    def fault(at: int) -> Callable[[], bool]:
        return (
            rig.trip(at) if manner == "fails inside" else rig.cut(at, after=manner == "cut after")
        )

    points = fail_at_every_point(rig, DEEDS[name], fault)

    assert points >= 1


def fail_at_every_point(
    rig: Rig, prepare: Callable[[World], Deed], fault: Callable[[int], Callable[[], bool]]
) -> int:
    """Do a deed until no point of it is left that fails; return how many there were."""
    deed = prepare(rig.world)
    for point in range(1, POINTS_MAX):
        before = rig.state()
        mend = fault(point)
        try:
            deed()
            failed = False
        except psycopg.Error:
            failed = True
        fired = mend()
        rig.settle()
        if not fired:
            assert not failed
            assert rig.state() != before
            return point - 1
        assert failed, "a statement that failed was passed over"
        now = rig.state()
        if now != before:
            # It is done and nobody was told: asked again, it says so and does nothing more.
            deed()
            assert rig.state() == now
            deed = prepare(rig.world)
    raise AssertionError(f"more than {POINTS_MAX} points")


def test_every_command_is_among_the_deeds() -> None:
    """A command that the language gains fails here until it is made to fail above."""
    known = {name.replace(" ", "") for name in DEEDS}
    asked = {kind.__name__.lower() for kind in commands.Command.__args__}

    assert asked - known == set()
