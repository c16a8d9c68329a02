"""Machine agents over a real database: appointed like people, and under one person each."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Thread
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete, Decide, Propose, Record, Start
from kingpost.decisions.refusals import NotSeparate, NotYourPost, OutsideAuthority
from kingpost.decisions.refusing.agents import NobodyAnswers
from kingpost.decisions.refusing.repairs import NotYourRepair
from kingpost.engine import access, delegations, register
from kingpost.engine import perform as road
from kingpost.engine.access import AgentSignInError
from kingpost.engine.delegations import Delegation, NotDelegatedError
from kingpost.engine.perform import Done
from kingpost.engine.register import Absence, Appointment, KindOfPersonError, NotAppointedError
from kingpost.engine.verify import verify
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.agency import WITH_AN_AGENT, agency
from tests.engine.office import DECADES, Office, read


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=8) as pool:
        yield agency(pool)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - when somebody comes or goes is told from outside.


def actor(office: Office, case: UUID) -> dict[str, object]:
    """Return who did the latest thing in a case, by its decision record."""
    body = office.scalar(
        "SELECT convert_from(body, 'UTF8') FROM event WHERE case_id = %s ORDER BY seq DESC LIMIT 1",
        case,
    )
    return json.loads(str(body))["actor"]


def suspect(office: Office, amount: str = "200") -> tuple[UUID, str]:
    case = office.start(amount)
    return case, office.task(case, "suspect")


def test_an_agent_decides_within_the_limits_of_its_post_and_the_record_names_who_answers(
    office: Office,
) -> None:
    (case, small), (_, large) = suspect(office), suspect(office, "301")

    refused = office.ask(Decide(large, "clear"), "bot")
    office.do(Decide(small, "clear"), "bot")

    assert isinstance(refused, OutsideAuthority)
    assert actor(office, case) == {
        "person": "bot",
        "post": "screen",
        "right": str(office.appointments["bot"]),
        "kind": "agent",
        "via": "post",
        "answered-for": {
            "person": "leo",
            "post": "lead",
            "right": str(office.appointments["leo"]),
        },
        "grant": "claim.amount <= 300",
    }
    assert verify(office.company).faults == ()


def test_an_agent_does_nothing_while_nobody_answers_for_it(office: Office) -> None:
    _, task = suspect(office)
    register.end_appointment(office.company, office.appointments["leo"], now(), by="test")

    refused = office.ask(Decide(task, "clear"), "bot")
    begun = office.ask(Start({"claimant": "Rita", "amount": "1"}), "bot")
    register.appoint(office.company, [Appointment("ben", "lead", now())], by="test")
    done = office.ask(Decide(task, "clear"), "bot")

    words = (
        "an agent acts in `screen` only while one person holds `lead` and answers for it: appoint"
        " somebody there first"
    )
    assert [str(refused), str(begun)] == [words, words]
    assert isinstance(refused, NobodyAnswers)
    assert isinstance(done, Done)


def test_who_is_away_answers_all_the_same(office: Office) -> None:
    _, task = suspect(office)
    register.note_absence(office.company, Absence("leo", now()), by="leo")

    office.do(Decide(task, "clear"), "bot")


def test_the_work_of_an_agent_falls_like_any_other_while_nobody_answers(office: Office) -> None:
    """The head acts in the vacant lead’s place, and so in the place of its agent."""
    case, task = suspect(office)
    register.end_appointment(office.company, office.appointments["leo"], now(), by="test")

    office.do(Decide(task, "clear"), "hedy")

    done = actor(office, case)
    assert (done["via"], done["for"], done["post"]) == ("vacancy", "screen", "head")
    assert "answered-for" not in done
    assert verify(office.company).faults == ()


def test_an_agent_stands_in_for_nobody_and_leads_nobody(office: Office) -> None:
    case = office.start()
    register.end_appointment(office.company, office.appointments["carl"], now(), by="test")

    refused = office.ask(Complete(office.task(case, "examine"), {"report": "fine"}), "bot")

    assert isinstance(refused, NotYourPost)


def test_an_agent_is_no_other_pair_of_eyes_for_who_answers_for_it(office: Office) -> None:
    case, task = suspect(office)
    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "anna")
    office.do(Decide(task, "clear"), "bot")

    own = office.ask(Decide(office.task(case, "approve"), "approve"), "leo")
    office.do(Decide(office.task(case, "approve"), "approve"), "hedy")

    assert str(own) == "`approve` is for somebody else: you performed `suspect` in this case"
    assert office.case(case).performers["suspect"] == ("bot", "leo")


def test_two_agents_of_one_person_are_not_two(office: Office) -> None:
    text = WITH_AN_AGENT.replace(
        "                  role: checker\n",
        "                  role: checker\n                  separate-from: [examine]\n",
    ).replace("                  to: {post: desk}\n", "")
    office.company.load(read(text))
    case, task = suspect(office)
    office.do(Complete(office.task(case, "examine"), {"report": "fine"}), "robot")

    refused = office.ask(Decide(task, "clear"), "bot")

    assert isinstance(refused, NotSeparate)
    assert str(refused) == (
        "`suspect` is for somebody else: `leo`, for whom you would act, performed `examine` in this"
        " case"
    )


def test_an_agent_repairs_nothing_although_its_post_may(office: Office) -> None:
    """A model from before the check may say so."""
    text = WITH_AN_AGENT.replace(
        "    prefix: CLM\n", "    prefix: CLM\n    repaired-by: [screen]\n"
    )
    office.company.load(read(text))
    case = office.start()

    refused = road.perform(
        office.company,
        road.Asked(UUID(int=7 << 76), Propose({"amount": "7"}, reason="x"), case, person="bot"),
    )

    assert isinstance(refused, NotYourRepair)


def test_an_agent_has_no_vote_although_its_post_may_decide(office: Office) -> None:
    """A model from before the check may say so."""
    role = "                  role: checker\n"
    text = WITH_AN_AGENT.replace(role, f"{role}                  quorum: 2 of 2\n")
    office.company.load(read(text))
    _, task = suspect(office)

    refused = office.ask(Decide(task, "clear"), "bot")

    assert str(refused) == (
        "several people decide in `suspect`, and an agent has no vote: who answers for it votes in"
        " person"
    )


# --- the register ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "post", "kind", "words"),
    [
        (
            "bot",
            "desk",
            "substantive",
            (
                "`bot` is a machine agent, and `desk` names no post that answers for one. Write"
                " `answered-for-by` at the post, or appoint a person."
            ),
        ),
        (
            "anna",
            "screen",
            "substantive",
            (
                "`screen` is for a machine agent, and `anna` is a person. Appoint an agent, or"
                " appoint the person to another post."
            ),
        ),
        (
            "new",
            "screen",
            "acting",
            (
                "`new` is a machine agent, and an agent does not act for the time being. Appoint it"
                " without `acting`."
            ),
        ),
    ],
)
def test_agents_and_people_hold_posts_of_their_own(
    office: Office, person: str, post: str, kind: str, words: str
) -> None:
    register.keep_people(office.company, (), [("new", "New")])
    wish = Appointment(person, post, now(), kind=kind)

    with pytest.raises(NotAppointedError) as refused:
        register.appoint(office.company, [wish], by="test")

    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("giver", "post", "person"), [("bot", "screen", "ben"), ("leo", "lead", "bot")]
)
def test_nobody_lends_by_or_to_an_agent(office: Office, giver: str, post: str, person: str) -> None:
    wish = Delegation(giver, post, person, now(), now() + DECADES / 100, "Leave")

    with pytest.raises(NotDelegatedError) as refused:
        delegations.delegate(office.company, wish, by="test")

    assert str(refused.value) == (
        "authority is lent by a person to a person, and one of these is an agent. Appoint the agent"
        " to a post of its own."
    )


def test_what_somebody_is_never_changes(office: Office) -> None:
    with pytest.raises(KindOfPersonError) as machine:
        register.keep_people(office.company, (), [("anna", "Anna")])
    with pytest.raises(KindOfPersonError) as person:
        register.keep_people(office.company, [("zoe", "Zoe"), ("bot", "Bot")])

    words = "is in the register as the other of person and agent, and stays so. Choose another id."
    assert str(machine.value) == f"`anna` {words}"
    assert str(person.value) == f"`bot` {words}"
    assert office.scalar("SELECT count(*) FROM person WHERE id = 'zoe'") == 0
    assert register.keep_people(office.company, (), [("bot", "Another name")]) == 1


def test_an_agent_comes_by_a_token_and_never_by_a_password_or_a_browser(office: Office) -> None:
    with pytest.raises(AgentSignInError):
        access.set_password(office.company, "bot", "correct horse")
    with pytest.raises(AgentSignInError):
        access.open_session(office.company, person="bot", now=now())

    given = access.open_session(office.company, person="bot", name="screening", now=now())

    session = access.who(office.company, given.token)
    assert session is not None
    assert (session.person, session.is_agent) == ("bot", True)


def test_an_agent_appoints_nobody_although_its_post_stands_above(office: Office) -> None:
    """A model from before the check may say so."""
    text = WITH_AN_AGENT.replace(
        "Claims desk, unit: claims, reports-to: lead",
        "Claims desk, unit: claims, reports-to: screen",
    )
    assert text != WITH_AN_AGENT
    office.company.load(read(text))

    assert register.appointable(office.company, "bot") == frozenset()
    assert "desk" in register.appointable(office.company, "leo")


def test_a_post_that_becomes_one_for_an_agent_gives_a_person_nothing(office: Office) -> None:
    _, task = suspect(office)
    text = WITH_AN_AGENT.replace(
        "    roles: [checker]\n    seats: 3\n",
        "    roles: [checker]\n    answered-for-by: lead\n    seats: 3\n",
    )
    assert text != WITH_AN_AGENT
    office.company.load(read(text))
    _, later = suspect(office)

    assert isinstance(office.ask(Decide(later, "clear"), "carl"), NotYourPost)
    assert isinstance(office.ask(Decide(task, "clear"), "carl"), Done)


# --- at the same moment -----------------------------------------------------------------------


def test_an_agent_does_nothing_once_who_answers_has_gone_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, task = suspect(office)
    _let_happen(
        monkeypatch,
        lambda: register.end_appointment(
            office.company, office.appointments["leo"], now(), by="test"
        ),
    )

    assert isinstance(office.ask(Decide(task, "clear"), "bot"), NobodyAnswers)


def test_standing_in_for_an_agent_ends_when_somebody_answers_for_it_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, task = suspect(office)
    register.end_appointment(office.company, office.appointments["leo"], now(), by="test")
    _let_happen(
        monkeypatch,
        lambda: register.appoint(office.company, [Appointment("ben", "lead", now())], by="test"),
    )

    assert isinstance(office.ask(Decide(task, "clear"), "hedy"), NotYourPost)


def test_no_act_of_an_agent_is_recorded_after_who_answered_has_gone(office: Office) -> None:
    """The database's clock says when: both times are taken under the appointment's lock."""
    company, wins = office.company, list[str]()
    text = WITH_AN_AGENT.replace("                  to: {post: desk}\n", "")
    company.load(read(text))
    case = office.start()
    task = office.task(case, "examine")
    register.end_appointment(company, office.appointments["leo"], now(), by="test")

    for number in range(30):
        (right,) = register.appoint(company, [Appointment("ben", "lead", now())], by="test")
        ender = Thread(
            target=register.end_appointment, args=(company, right, now()), kwargs={"by": "test"}
        )
        ender.start()
        wins.append(type(office.ask(Record(task, {"report": str(number)}), "bot")).__name__)
        ender.join()

    late = office.scalar(
        """
        SELECT count(*)
          FROM event
          JOIN appointment
            ON appointment.id = (convert_from(body, 'UTF8')::jsonb
                                 -> 'actor' -> 'answered-for' ->> 'right')::uuid
         WHERE event.recorded_at >= upper(during)
        """
    )
    assert late == 0
    assert set(wins) <= {"Done", "NobodyAnswers"}
    assert verify(company).faults == ()


def _let_happen(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Let something happen once, after the next command was decided and before it is recorded."""
    decide, deeds = road.decide, [deed]

    def slow(*facts: object) -> object:
        outcome = decide(*facts)  # type: ignore[arg-type]
        while deeds:
            deeds.pop()()
        return outcome

    monkeypatch.setattr(road, "decide", slow)
