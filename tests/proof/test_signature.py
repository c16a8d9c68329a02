"""What a system signs is known to the byte, for as long as it is fresh."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kingpost.proof.signature import Signed, is_fresh, is_signed, read_secrets, signature

# The published vector of Standard Webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
GENUINE = Signed(
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "1614265330",
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    b'{"test": 2432232314}',
)
AT = 1614265330
OTHER = "whsec_" + "A" * 32


def of(*secrets: str) -> tuple[bytes, ...]:
    return read_secrets(" ".join(secrets))


def test_the_published_vector_holds() -> None:
    (secret,) = of(SECRET)

    assert signature(secret, GENUINE.id, GENUINE.timestamp, GENUINE.body) == GENUINE.signatures
    assert is_signed(GENUINE, of(SECRET))
    assert is_signed(GENUINE, of(SECRET.removeprefix("whsec_")))


@pytest.mark.parametrize(
    "forged",
    [
        replace(GENUINE, id="msg_p5jXN8AQM9LWM0D4loKWxJeK"),
        replace(GENUINE, id=""),
        replace(GENUINE, id=f"{GENUINE.id}.1614265330", timestamp=""),
        replace(GENUINE, id="msg p5"),
        replace(GENUINE, id="m" * 201),
        replace(GENUINE, timestamp="1614265331"),
        replace(GENUINE, timestamp=" 1614265330"),
        replace(GENUINE, timestamp="١٦١٤٢٦٥٣٣٠"),
        replace(GENUINE, timestamp="-1"),
        replace(GENUINE, timestamp="NaN"),
        replace(GENUINE, timestamp=""),
        replace(GENUINE, body=b'{"test":2432232314}'),
        replace(GENUINE, body=b""),
        replace(GENUINE, signatures=""),
        replace(GENUINE, signatures="v1,"),
        replace(GENUINE, signatures=GENUINE.signatures[:-2]),
        replace(GENUINE, signatures=GENUINE.signatures.replace("v1,", "")),
        replace(GENUINE, signatures=GENUINE.signatures.replace("v1,", "v1a,")),
        replace(GENUINE, signatures=GENUINE.signatures.replace("v1,", "v2,")),
        replace(GENUINE, signatures=GENUINE.signatures.replace("v1,", "none,")),
        replace(GENUINE, signatures="v1,é"),
    ],
)
def test_what_differs_anywhere_is_not_signed(forged: Signed) -> None:
    assert not is_signed(forged, of(SECRET))


def test_while_a_secret_is_replaced_both_are_good() -> None:
    both = of(OTHER, SECRET)
    new = signature(both[0], GENUINE.id, GENUINE.timestamp, GENUINE.body)

    assert is_signed(GENUINE, both)
    assert is_signed(replace(GENUINE, signatures=f"v1a,xyz {new} {GENUINE.signatures}"), of(SECRET))
    assert is_signed(replace(GENUINE, signatures=f"{new} {GENUINE.signatures}"), of(OTHER))
    assert not is_signed(GENUINE, of(OTHER))
    assert not is_signed(GENUINE, ())


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_what_was_signed_is_fresh_for_five_minutes(seconds: int, fresh: bool) -> None:
    assert is_fresh(GENUINE, datetime.fromtimestamp(AT + seconds, UTC)) is fresh


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("whsec_", "a secret has 0 bytes, expected 24 to 64"),
        ("whsec_c2hvcnQ=", "a secret has 5 bytes, expected 24 to 64"),
        ("whsec_" + "A" * 88, "a secret has 66 bytes, expected 24 to 64"),
        (f"{SECRET},{OTHER}", "a secret is not `whsec_` and base64"),
        ("whsec_é", "a secret is not `whsec_` and base64"),
    ],
)
def test_a_secret_that_is_none_is_refused_without_being_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as found:
        read_secrets(text)
    assert str(found.value) == words


def test_no_secret_is_none() -> None:
    assert read_secrets("  ") == ()
