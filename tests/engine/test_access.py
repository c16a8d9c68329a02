"""Who is asking: passwords, sessions and tokens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from kingpost.engine import access
from kingpost.engine.access import NotSignedInError
from tests.engine.office import Office


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - beside the database's clock.


def test_the_right_password_opens_a_session_that_says_who(office: Office) -> None:
    access.set_password(office.company, "anna", "correct horse")

    signed_in = access.sign_in(office.company, "anna", "correct horse", now=now())

    session = access.who(office.company, signed_in.token)
    assert session is not None
    assert (session.person, session.person_name, session.interface) == ("anna", "Anna", None)
    access.sign_out(office.company, signed_in.token)
    assert access.who(office.company, signed_in.token) is None


def test_nothing_tells_a_wrong_name_from_a_wrong_password(office: Office) -> None:
    access.set_password(office.company, "anna", "correct horse")

    words: set[str] = set()
    for person in ("anna", "ben", "nobody"):
        with pytest.raises(NotSignedInError) as caught:
            access.sign_in(office.company, person, "wrong", now=now())
        words.add(str(caught.value))

    assert words == {"the name or the password is not right"}


def test_after_five_wrong_passwords_even_the_right_one_waits(office: Office) -> None:
    begun = now()  # However long the tries take.
    access.set_password(office.company, "anna", "correct horse")
    for _ in range(5):
        with pytest.raises(NotSignedInError, match="not right"):
            access.sign_in(office.company, "anna", "wrong", now=begun)

    with pytest.raises(NotSignedInError, match="too many attempts: try again in"):
        access.sign_in(office.company, "anna", "correct horse", now=begun)

    later = now() + timedelta(minutes=6)
    assert access.sign_in(office.company, "anna", "correct horse", now=later)
    assert office.scalar("SELECT count(*) FROM attempt") == 0


@pytest.mark.parametrize("person", ["anna", "ben", "nobody"])
def test_a_name_waits_whether_it_has_an_account_or_not(office: Office, person: str) -> None:
    begun = now()  # However long the tries take.
    access.set_password(office.company, "anna", "correct horse")
    for _ in range(5):
        with pytest.raises(NotSignedInError, match=r"^the name or the password is not right$"):
            access.sign_in(office.company, person, "wrong", now=begun)

    with pytest.raises(NotSignedInError, match=r"^too many attempts: try again in \d+ seconds$"):
        access.sign_in(office.company, person, "wrong", now=begun)


def test_of_many_guesses_at_one_time_few_are_tried(office: Office) -> None:
    begun = now()  # However long the tries take.
    access.set_password(office.company, "anna", "correct horse")

    def guess(number: int) -> str:
        with pytest.raises(NotSignedInError) as caught:
            access.sign_in(office.company, "anna", f"wrong {number}", now=begun)
        return str(caught.value)

    with ThreadPoolExecutor(16) as pool:
        words = list(pool.map(guess, range(16)))

    assert words.count("the name or the password is not right") == 5
    assert office.scalar("SELECT failures FROM attempt") == 5


def test_names_that_nobody_tries_any_more_are_forgotten(office: Office) -> None:
    with pytest.raises(NotSignedInError):
        access.sign_in(office.company, "nobody", "wrong", now=now())
    office.scalar("UPDATE attempt SET failed_at = now() - interval '2 days' RETURNING failures")

    with pytest.raises(NotSignedInError):
        access.sign_in(office.company, "no one", "wrong", now=now())

    assert office.scalar("SELECT count(*) FROM attempt") == 1


def test_another_password_ends_the_wait(office: Office) -> None:
    access.set_password(office.company, "anna", "soon to be forgotten")
    for _ in range(5):
        with pytest.raises(NotSignedInError):
            access.sign_in(office.company, "anna", "wrong", now=now())

    access.set_password(office.company, "anna", "correct horse")

    assert access.sign_in(office.company, "anna", "correct horse", now=now())


def test_only_digests_are_kept(office: Office) -> None:
    access.set_password(office.company, "anna", "correct horse")
    token = access.sign_in(office.company, "anna", "correct horse", now=now()).token

    kept = office.scalar(
        "SELECT password_hash || encode(token_digest, 'hex') FROM account, session"
    )

    assert isinstance(kept, str)
    assert kept.startswith("$argon2id$")
    assert "horse" not in kept
    assert token not in kept


def test_a_session_that_has_expired_is_nobodys(office: Office) -> None:
    long_ago = now() - timedelta(days=1)

    token = access.open_session(office.company, person="anna", now=long_ago).token

    assert access.who(office.company, token) is None
    assert access.who(office.company, "made up") is None


def test_an_interface_has_a_token_with_an_end(office: Office) -> None:
    given = access.open_session(
        office.company, interface="bank", name="nightly", now=now(), lasts=timedelta(days=4000)
    )

    session = access.who(office.company, given.token)

    assert session is not None
    assert (session.person, session.interface) == (None, "bank")
    assert given.expires_at <= now() + timedelta(days=access.TOKEN_DAYS_MAX)


def test_a_session_may_act_in_one_post_alone(office: Office) -> None:
    token = access.open_session(office.company, person="anna", now=now()).token

    access.act_as(office.company, token, "desk")
    chosen = access.who(office.company, token)
    access.act_as(office.company, token, None)

    assert chosen is not None
    assert chosen.acting_as == "desk"
    again = access.who(office.company, token)
    assert again is not None
    assert again.acting_as is None
