"""`kingpost messages`: what waits for its case, and dropping it."""

from kingpost.engine.outside.messages import Message, receive
from kingpost.store.pool import Database as Pool
from tests.cli.program import run, settings_of
from tests.database import Database
from tests.engine.office import Office, key
from tests.engine.orders import ORDERS


def test_what_waits_is_listed_and_dropped(
    database: Database,
) -> None:
    message = key()
    with Pool(database.app_url, connections=2) as pool:
        office = Office.opened(pool, {"anna": "desk"}, text=ORDERS, workflow="order")
        receive(office.company, Message(message, "carrier", "arrived", "P-1", {}))

    def said(*words: str) -> tuple[int, str]:
        answer = run("messages", *words, settings=settings_of(database))
        return answer.status, (answer.out + answer.err).strip()

    code, listed = said("list")
    assert code == 0
    assert "arrived" in listed
    assert "P-1" in listed
    assert said("drop", str(message), "--by", "ben", "--reason", "sent twice") == (
        1,
        "you do not answer for what waits for `arrived`: `desk` may",
    )
    assert said("drop", str(message), "--by", "anna", "--reason", "sent twice") == (
        0,
        f"{message}: dropped",
    )
    assert said("list") == (0, "No message waits for its case.")
