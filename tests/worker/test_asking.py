"""One attempt of a call: what comes of a system's answer, its manners and its address."""

import ipaddress
from collections.abc import Mapping
from typing import Any

import pytest

from kingpost.decisions.transition import Request
from kingpost.worker.asking import Trouble, ask
from kingpost.worker.systems import System, UnreachableError, is_public, system_in, target_of
from tests.worker.receiver import Manner, Receiver, receiving

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
REQUEST = Request("POST", "/scores", '{"name":"Ines"}')


def asked(receiver: Receiver, seconds: float = 5) -> Mapping[str, Any] | Trouble:
    system = System(f"{receiver.url}/base", "secret", LOOPBACK)
    return ask(system, REQUEST, "0199a000-0000-7000-8000-000000000001", seconds, wanted=True)


def test_a_call_says_what_it_is_and_under_which_key() -> None:
    with receiving((200, {"score": 640})) as receiver:
        assert asked(receiver) == {"score": 640}

    ((path, headers, body),) = receiver.asked
    assert (path, body) == ("/base/scores", '{"name":"Ines"}')
    assert headers["Idempotency-Key"] == '"0199a000-0000-7000-8000-000000000001"'
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Content-Type"] == "application/json"


ODD: list[tuple[Manner, Trouble]] = [
    ((500, {}), Trouble("it answers 500")),
    ((503, {}), Trouble("it answers 503")),
    ((429, {}), Trouble("it answers 429")),
    ((409, {}), Trouble("it answers 409")),
    ((404, {}), Trouble("it answers 404", lasting=True, unwell=False)),
    (
        "http://127.0.0.1:1/elsewhere",
        Trouble("it answers 302, and nobody is sent on elsewhere", lasting=True),
    ),
    ("flood", Trouble("it answers with more than 1,000,000 bytes", lasting=True)),
    ("break", Trouble("it broke the connection off")),
    ((200, "{oh"), Trouble("it answers with what is no JSON", lasting=True)),
    ((200, '{"a": NaN}'), Trouble("it answers with what is no JSON", lasting=True)),
    ((200, '{"a": 1, "a": 2}'), Trouble("it answers with what is no JSON", lasting=True)),
    ((200, "[1]"), Trouble("it answers with JSON that is no object", lasting=True)),
    (
        (200, "[" * 200_000),
        Trouble("it answers with JSON that is nested too deeply", lasting=True),
    ),
]


@pytest.mark.parametrize(
    ("manner", "expected"),
    ODD,
)
def test_what_is_no_answer_is_told_without_what_was_sent(manner: Manner, expected: Trouble) -> None:
    with receiving(manner) as receiver:
        assert asked(receiver) == expected
        assert len(receiver.asked) == 1


@pytest.mark.parametrize("manner", ["silence", "drip"])
def test_an_answer_has_its_time_however_slowly_it_comes(manner: str) -> None:
    with receiving(manner) as receiver:
        # Long enough to connect on a busy machine, where less is told in other words.
        assert asked(receiver, 1.5) == Trouble("it did not answer within 1.5 seconds")


def test_a_system_that_is_not_there_refuses_the_connection() -> None:
    with receiving((200, {})) as receiver:
        pass
    assert asked(receiver) == Trouble("it refuses the connection")


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost", "[::1]",
        "[::ffff:127.0.0.1]", "169.254.169.254", "[64:ff9b::7f00:1]", "100.64.0.1", "10.0.0.1",
        "192.168.1.1", "[fe80::1]", "[fc00::1]", "0.0.0.0", "[::]", "224.0.0.1",
        "[2002:7f00:1::]",
    ],
)  # fmt: skip
def test_no_address_of_an_inner_network_is_asked(host: str) -> None:
    with pytest.raises(UnreachableError, match=r"its address .* is not public"):
        target_of(System(f"https://{host}/"))


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_what_is_public_may_be_asked(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "gopher://example.com/", "file:///etc/passwd", "ftp://example.com/", "https://a@b.example/",
        "https://b.example/#@c", "https://b.example\\@c/", "https://b.example/?q=1", "https://",
        "https://b.example:99999/", "https://bücher.example/", "https://b.example/\n",
    ],
)  # fmt: skip
def test_an_address_is_plain(url: str) -> None:
    with pytest.raises(UnreachableError, match="its address"):
        target_of(System(url))


def test_what_is_not_encrypted_stays_in_networks_that_the_operator_named() -> None:
    with pytest.raises(UnreachableError, match="must begin with `https://`"):
        target_of(System("http://1.1.1.1/"))
    assert target_of(System("http://127.0.0.1:8080/x/", "", LOOPBACK)).base == "/x"


def test_the_environment_says_where_a_system_is() -> None:
    environment = {
        "KINGPOST_INTERFACE_CREDIT_BUREAU_URL": "https://bureau.example",
        "KINGPOST_INTERFACE_CREDIT_BUREAU_TOKEN": "t",
        "KINGPOST_INTERFACE_CREDIT_BUREAU_NETWORKS": "10.1.0.0/16, 127.0.0.1/32",
    }

    system = system_in(environment, "credit-bureau")

    assert (system.url, system.token, len(system.networks)) == ("https://bureau.example", "t", 2)


def test_a_system_without_an_address_is_not_asked() -> None:
    with pytest.raises(UnreachableError, match="`KINGPOST_INTERFACE_BANK_URL` is not set"):
        system_in({}, "bank")
    wrong = {"KINGPOST_INTERFACE_BANK_URL": "https://b", "KINGPOST_INTERFACE_BANK_NETWORKS": "here"}
    with pytest.raises(UnreachableError, match=r"no list of networks such as `10.1.0.0/16`"):
        system_in(wrong, "bank")
