"""Work follows the post on the pages: who comes finds it at once, who leaves finds nothing."""

from datetime import UTC, datetime

import httpx

from kingpost.engine import register
from kingpost.engine.register import Appointment
from tests.web.meridian import Meridian, visit
from tests.web.test_routes_acts import text_of


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


def end_all(meridian: Meridian, person: str) -> None:
    """Let a person leave every post."""
    with meridian.company.database.connection() as connection:
        rows = connection.execute("SELECT id FROM appointment WHERE person = %s", [person])
        held = [row["id"] for row in rows.fetchall()]
    for appointment in held:
        register.end_appointment(meridian.company, appointment, now(), by="test")


def answers(client: httpx.Client, *paths: str) -> list[tuple[int, str]]:
    return [(page.status_code, text_of(page)) for page in map(client.get, paths)]


def test_work_goes_with_the_post_from_a_leaver_to_who_comes(
    meridian: Meridian, address: str
) -> None:
    places = meridian.busy()
    work = meridian.task(places["worked"], "confirm-priority")
    paths = (
        "/work",
        f"/cases/{places['ended']}",
        f"/tasks/{work}",
        "/cases",
        "/org/posts/group-70",
    )
    with visit(meridian, address, "gwen") as gwen, visit(meridian, address, "nora") as nora:
        assert places["worked"] in answers(gwen, "/work?view=all")[0][1]
        assert all(places["worked"] not in text for _, text in answers(nora, *paths))

        end_all(meridian, "gwen")
        wish = Appointment("nora", "group-70", now())
        register.appoint(meridian.company, [wish], by="test")

        for status, text in answers(gwen, *paths):
            assert status == 403, text
            assert "Caller 2403" not in text
            assert places["worked"] not in text
        found = dict(zip(paths, answers(nora, *paths), strict=True))
        assert places["worked"] in answers(nora, "/work?view=all")[0][1]
        assert found[f"/cases/{places['ended']}"][0] == 200
        assert "Gil Group" in found[f"/cases/{places['ended']}"][1]
        assert found[f"/tasks/{work}"][0] == 200
