"""`kingpost verify`: whole, or not after one byte was changed by somebody who could."""

from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.cli.program import EXAMPLE, run
from tests.exchange.desk import first_incidents


def test_a_byte_that_the_owner_changed_is_found(desk: Mapping[str, str], tmp_path: Path) -> None:
    mapping = EXAMPLE / "log" / "mapping.yaml"
    run("import", first_incidents(tmp_path, 3), "--mapping", mapping, settings=desk)
    whole = run("verify", settings=desk)
    live = run("verify", "--live", settings=desk)
    with psycopg.connect(desk["KINGPOST_OWNER_URL"], autocommit=True) as owner:
        owner.execute("DROP TRIGGER event_is_final ON event")
        owner.execute(
            """
            UPDATE event
               SET body = set_byte(body, 20, get_byte(body, 20) # 1)
             WHERE (case_id, seq) = (SELECT case_id, seq FROM event ORDER BY position LIMIT 1)
            """
        )

    broken = run("verify", settings=desk)
    broken_live = run("verify", "--live", settings=desk)

    assert (whole.status, whole.out.splitlines()[-1][-20:]) == (0, "everything is whole.")
    assert broken.status == 1
    assert broken.out.startswith("I2 in case ")
    assert broken.out.endswith(": 1 fault.\n")
    assert (live.status, live.out) == (0, whole.out)
    assert broken_live.status == 1
    assert broken_live.out.startswith("I2 in case ")
