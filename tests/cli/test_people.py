"""`kingpost people`: the register, accounts and tokens, and each thing that cannot be."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.program import EXAMPLE, run, settings_of
from tests.database import Database

FILES = (EXAMPLE / "people.csv", EXAMPLE / "appointments.csv")
NO_DAY = (
    "appointments.csv:2: `from` is `tomorrow`. Write a day such as `2026-11-21`, or a time such "
    "as `2026-11-21T09:00:00Z`.\nNothing was loaded."
)
HELD = re.compile(r"(\S+) holds (\S+) from .* UTC: ([0-9a-f-]{36})\n")


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Mapping[str, str]:
    """The service desk with two people."""
    settings = settings_of(database)
    (tmp_path / "people.csv").write_text("id,name\nann,Ann Alba\nbob,Bob [bold]Best\n")
    assert run("load", EXAMPLE, settings=settings).status == 0
    assert run("people", "load", tmp_path / "people.csv", settings=settings).status == 0
    return settings


def test_the_register_is_loaded_and_loading_twice_changes_nothing(database: Database) -> None:
    settings = settings_of(database)
    run("load", EXAMPLE, settings=settings)

    first = run("people", "load", *FILES, settings=settings)
    second = run("people", "load", *FILES, settings=settings)

    assert first == second
    assert re.fullmatch(r"722 people and [\d,]+ appointments are in the register\.\n", first.out)


def test_people_are_listed_whole_with_what_they_hold(company: Mapping[str, str]) -> None:
    run("people", "appoint", "ann", "group-70", settings=company)

    everybody = run("people", "list", settings=company)
    some = run("people", "list", "ALBA", settings=company)
    nobody = run("people", "list", "zed", settings=company)

    assert everybody.out == (
        "person  name            kind    posts\n"
        "ann     Ann Alba        person  group-70\n"
        "bob     Bob [bold]Best  person  –\n"
    )
    assert some.out.splitlines()[1:] == ["ann     Ann Alba  person  group-70"]
    assert nobody.out == "There is nobody.\n"


def test_an_agent_is_loaded_and_has_a_token_and_no_password(
    company: Mapping[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,name,kind\nbot,Bot,agent\nzoe,Zoe,\n")
    loaded = run("people", "load", file, settings=company)
    listed = run("people", "list", "bot", settings=company)
    token = run("people", "token", "bot", "--name", "screening", settings=company)
    password = run("people", "password", "bot", "--password", "correct horse", settings=company)
    appointed = run("people", "appoint", "bot", "group-70", settings=company)
    file.write_text("id,name,kind\nzoe,Zoe,agent\n")
    changed = run("people", "load", file, settings=company)
    file.write_text("id,name,kind\nzoe,Zoe,agnet\n")
    misspelt = run("people", "load", file, settings=company)

    assert loaded.out == "2 people and 0 appointments are in the register.\n"
    assert listed.out.splitlines()[1:] == ["bot     Bot   agent  –"]
    assert token.status == 0
    assert password.err == (
        "`bot` is a machine agent and does not sign in. Make a token: `kingpost people token`.\n"
    )
    assert appointed.err == (
        "`bot` is a machine agent, and `group-70` names no post that answers for one. Write"
        " `answered-for-by` at the post, or appoint a person.\n"
    )
    assert changed.err == (
        "`zoe` is in the register as the other of person and agent, and stays so. Choose another"
        " id.\nNothing was loaded.\n"
    )
    assert misspelt.err == (
        "people.csv:2: `kind` is `agnet`, expected `person` or `agent`. Write `agent`.\n"
        "Nothing was loaded.\n"
    )


def test_an_appointment_is_made_listed_and_ended(company: Mapping[str, str]) -> None:
    made = run(
        "people", "appoint", "ann", "group-70", "--from", "2026-01-01", "--acting",
        settings=company,
    )  # fmt: skip
    found = HELD.fullmatch(made.out)
    assert found
    listed = run("people", "list", "--post", "group-70", settings=company)
    ended = run("people", "end", found[3], settings=company)
    after = run("people", "list", "ann", settings=company)
    again = run("people", "end", found[3], settings=company)

    assert listed.out == (
        "person  name      kind    from              until  appointment\n"
        f"ann     Ann Alba  acting  2026-01-01 00:00  –      {found[3]}\n"
    )
    assert ended.out == "Ended.\n"
    assert after.out.splitlines()[1].split()[-1] == "–"
    words = f"there is no appointment, delegation or absence `{found[3]}` that runs then. "
    words += "Look it up with `kingpost people list --post POST`, or `people delegations POST`.\n"
    assert (again.status, again.err) == (1, words)


def test_one_that_is_to_come_is_withdrawn(company: Mapping[str, str]) -> None:
    words = ("people", "appoint", "ann", "group-70", "--from", "2040-12-01")
    found = HELD.fullmatch(run(*words, settings=company).out)
    assert found

    other = run(*words, "--until", "2040-12-10", "--acting", settings=company)
    withdrawn = run("people", "end", found[3], settings=company)
    listed = run("people", "list", "--post", "group-70", settings=company)
    again = run(*words, settings=company)

    assert (other.status, other.err) == (1, "`ann` holds `group-70` already in that time\n")
    assert withdrawn.out == "Withdrawn: it never begins.\n"
    assert listed.out.splitlines()[1].split()[-2] == "withdrawn"
    assert again.err == (
        "the same appointment was made before, and `kingpost people` has ended it. "
        "Choose another time for it to begin.\n"
    )


LENT = re.compile(r"ann may act as group-70 for bob until 5 March 2040 at 00:00 UTC: (\S+)\n")


def test_authority_is_lent_listed_and_taken_back(company: Mapping[str, str]) -> None:
    run("people", "appoint", "bob", "group-70", settings=company)
    words = ("people", "delegate", "bob", "group-70", "ann", "--until", "2040-03-05")
    outcome = "incident/confirm-priority/confirm"

    nothing = run("people", "delegations", "group-70", settings=company)
    made = run(
        *words, "--from", "2040-03-01", "--reason", "Leave", "--outcome", outcome, "--when",
        'incident.impact != "high"', settings=company,
    )  # fmt: skip
    found = LENT.fullmatch(made.out)
    assert found, made
    listed = run("people", "delegations", "group-70", settings=company)
    ended = run("people", "end", found[1], settings=company)
    refused = run(*words, "--reason", " ", settings=company)
    unknown = run("people", "delegations", "group-700", settings=company)

    assert nothing.out == "Nothing was ever lent.\n"
    scope = f'{outcome} when incident.impact != "high"'
    days = "2040-03-01 00:00  2040-03-05 00:00"
    assert listed.out.splitlines()[1] == f"bob    ann     {scope}  {days}  Leave   {found[1]}"
    assert ended.out == "Withdrawn: it never begins.\n"
    assert refused.err == "the reason is missing. Say why the authority is lent.\n"
    assert unknown.err == "there is no post `group-700`. Write `group-70`.\n"


def test_an_absence_is_noted_and_ended(company: Mapping[str, str]) -> None:
    run("people", "appoint", "bob", "group-70", "--from", "2026-01-01", settings=company)

    noted = run(
        "people", "absent", "bob", "--from", "2026-02-01", "--until", "2026-03-01",
        settings=company,
    )  # fmt: skip
    told = run("who", "group-70", "--on", "2026-02-10", settings=company)
    twice = run("people", "absent", "bob", "--from", "2026-02-05", settings=company)

    begins = "bob is away from 1 February 2026 at 00:00 UTC until 1 March 2026 at 00:00 UTC: "
    assert noted.out.startswith(begins)
    assert told.out.splitlines()[2].split()[:4] == ["group-70", "bob", "substantive,", "away"]
    words = "`bob` is away already in that time. End that absence first.\n"
    assert (twice.status, twice.err) == (1, words)
    ended = run("people", "end", noted.out.split()[-1], settings=company)
    assert ended.status == 1


def test_who_was_accountable_on_a_day_is_told(company: Mapping[str, str]) -> None:
    run("people", "appoint", "bob", "group-70", "--from", "2026-01-01", settings=company)
    run(
        "people", "delegate", "bob", "group-70", "ann", "--from", "2040-03-01", "--until",
        "2040-03-05", "--reason", "Leave", settings=company,
    )  # fmt: skip

    lent = run("who", "group-70", "--on", "2040-03-02", settings=company)
    before = run("who", "post/group-70", "--on", "2025-06-01", settings=company)
    unknown = run("who", "group-700", settings=company)

    assert lent.out.splitlines()[0].startswith(
        "Service Desk, on 2 March 2040 in Etc/UTC, as on record at "
    )
    assert lent.out.splitlines()[1:] == [
        "post      who  how               from        until",
        "group-70  bob  substantive       2026-01-01  –",
        "group-70  ann  delegated by bob  2040-03-01  2040-03-05",
    ]
    assert before.out.splitlines()[2].split("  ")[:3] == [
        "group-70",
        "nobody",
        "vacant, nobody acts",
    ]
    document = json.loads(
        run("who", "group-70", "--on", "2040-03-02", "--json", settings=company).out
    )
    (post,) = document["posts"]
    assert [item["person"] for item in post["delegates"]] == ["ann"]
    assert (document["asked"], document["is_later"]) == ("group-70", False)
    assert before.out.splitlines()[-1].startswith("No model ran then: this is by the first, ")
    words = "the model that ran then has no `group-700`. Write `group-70`.\n"
    assert (unknown.status, unknown.err) == (1, words)


NO_POST = "there is no post `duty-oficer`. Write `duty-officer`."
NO_PERSON = "there is no person `zed` in the register. Add the person first."
NO_ORDER = "the end is not later than the beginning. Correct one of them."
ONE_OF_TWO = "a token is of a person or of an interface. Name one of them."
NO_INTERFACE = "there is no interface `service-buss`. Write `service-bus`."
REFUSED: list[tuple[str, str]] = [
    ("appoint zed group-70", NO_PERSON),
    ("appoint ann duty-oficer", NO_POST),
    ("appoint ann group-70 --from 2026-01-02 --until 2026-01-01", NO_ORDER),
    ("list --post duty-oficer", NO_POST),
    ("password zed --password correct-horse-4", NO_PERSON),
    ("token zed --name x", NO_PERSON),
    ("token --name x", ONE_OF_TWO),
    ("token ann --interface service-bus --name x", ONE_OF_TWO),
    ("token --interface service-buss --name x", NO_INTERFACE),
]


def test_what_cannot_be_is_said(company: Mapping[str, str]) -> None:
    for words, told in REFUSED:
        answer = run("people", *words.split(), settings=company)

        assert (answer.status, answer.out, answer.err) == (1, "", f"{told}\n"), words


@pytest.mark.parametrize(
    ("people", "appointments", "told"),
    [
        ("id,name\nann,\n", "", "people.csv:2: `name` is empty. Fill it in.\nNothing was loaded."),
        (
            "id,name\nann,Ann\n", "person,post,from\nann,group-70,tomorrow\n",
            NO_DAY,
        ),
        (
            "id,name\nann,Ann\n", "person,post,from\nann,duty-oficer,2026-01-01\n",
            "there is no post `duty-oficer`. Write `duty-officer`.\nNobody was appointed.",
        ),
    ],
)  # fmt: skip
def test_a_bad_file_is_said_line_by_line(
    company: Mapping[str, str], tmp_path: Path, people: str, appointments: str, told: str
) -> None:
    files = [tmp_path / "people.csv"]
    files[0].write_text(people)
    if appointments:
        files.append(tmp_path / "appointments.csv")
        files[1].write_text(appointments)

    answer = run("people", "load", *files, settings=company)

    assert (answer.status, answer.err) == (1, f"{told}\n")


def test_a_password_is_asked_for_twice_and_not_shown(company: Mapping[str, str]) -> None:
    answer = run(
        "people", "password", "ann", settings=company, typed="a longer secret\na longer secret\n"
    )

    assert answer.status == 0
    assert answer.out.endswith("ann can sign in.\n")
    assert "a longer secret" not in answer.out


@pytest.mark.parametrize("whose", [("ann",), ("--interface", "service-bus")])
def test_a_token_is_all_that_is_printed(company: Mapping[str, str], whose: tuple[str, ...]) -> None:
    answer = run("people", "token", *whose, "--name", "a script", settings=company)

    assert re.fullmatch(r"[\w-]{43}\n", answer.out)


def test_the_sessions_of_somebody_are_listed_and_ended(company: Mapping[str, str]) -> None:
    none = run("people", "sessions", "ann", settings=company)
    run("people", "token", "ann", "--name", "reports", settings=company)
    listed = run("people", "sessions", "ann", settings=company)
    document = run("people", "sessions", "ann", "--json", settings=company)
    ended = run("people", "sessions", "ann", "--end", settings=company)
    after = run("people", "sessions", "ann", settings=company)

    assert none.out == after.out == "ann is signed in nowhere, and has no token.\n"
    assert re.search(r"token reports +20\d\d-", listed.out)
    assert json.loads(document.out)[0]["what"] == "token reports"
    assert ended.out.endswith("1 session ended.\n")


def test_a_password_that_would_be_guessed_is_refused(company: Mapping[str, str]) -> None:
    weak = run("people", "password", "ann", "--password", "password1", settings=company)
    short = run("people", "password", "ann", "--password", "short", settings=company)

    assert weak.status == short.status == 1
    assert weak.err == (
        "this password would soon be guessed. Take several words that have nothing to do with "
        "each other.\n"
    )
    assert short.err == "a password has 8 to 200 characters.\n"
