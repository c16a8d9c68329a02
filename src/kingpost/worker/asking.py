"""One attempt of a call: over HTTP, within its time, to the address that was looked at."""

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from threading import Timer
from time import monotonic
from typing import Any, Self, cast

from kingpost.decisions.transition import Request
from kingpost.worker.systems import System, Target, UnreachableError, target_of

BODY_BYTES_MAX = 1_000_000
_CHUNK_BYTES = 65_536
_LEAST_SECONDS = 0.001
_NESTING = "it answers with JSON that is nested too deeply"
# What another attempt may find otherwise: too early, too often, still under way. Source: RFC 9110,
# and the IETF draft on the Idempotency-Key header for 409.
_PASSING = frozenset({408, 409, 425, 429})
_SUCCESS, _REDIRECTS, _ERRORS = range(200, 300), range(300, 400), range(500, 600)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an attempt came to nothing, in a clause without anything that was sent or answered.

    lasting: trying again would be in vain. unwell: the system itself is to blame.
    """

    cause: str
    lasting: bool = False
    unwell: bool = True


def ask(
    system: System, request: Request, key: str, limit_seconds: float, *, wanted: bool
) -> Mapping[str, Any] | Trouble:
    """Ask once; return the members of the answer, or why there are none.

    key:    by which the system tells a repetition. wanted: whether the answer is looked at.
    Source: IETF draft-ietf-httpapi-idempotency-key-header, for the header.
    """
    until = monotonic() + limit_seconds
    try:
        target = target_of(system)
    except UnreachableError as error:
        return Trouble(str(error), lasting=error.lasting)
    late = Trouble(f"it did not answer within {limit_seconds:g} seconds")
    try:
        with _Line(target, until) as line:
            try:
                status, kind, body = line.exchange(request, _headers(system, target, key))
            except (OSError, http.client.HTTPException, ValueError) as error:
                return late if line.is_late else Trouble(_told(error))
            if line.is_late:
                return late
    except OSError as error:
        return late if monotonic() >= until else Trouble(_told(error))
    return _answer(status, kind, body, wanted=wanted)


class _Line:
    """A connection to one address, cut when its time is over, however slowly the other side writes.

    The time limit of a socket counts each read anew, so a byte a minute would never end.
    """

    def __init__(self, target: Target, until: float) -> None:
        self._target = target
        self.is_late = False
        left = max(_LEAST_SECONDS, until - monotonic())
        self._socket = socket.create_connection((target.address, target.port), timeout=left)
        self._timer = Timer(max(_LEAST_SECONDS, until - monotonic()), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._socket.close()

    def exchange(self, request: Request, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Send a request; return the status, the kind and the start of the body of the answer."""
        target = self._target
        if target.scheme == "https":
            context = ssl.create_default_context()
            self._socket = context.wrap_socket(self._socket, server_hostname=target.host)
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = self._socket
        body = request.body.encode() or None
        path = f"{target.base}{request.path}"
        connection.request(request.method, path, body, dict(headers))
        response = connection.getresponse()
        found, size = list[bytes](), 0
        while size <= BODY_BYTES_MAX and (chunk := response.read1(_CHUNK_BYTES)):
            found.append(chunk)
            size += len(chunk)
        return response.status, response.headers.get_content_type(), b"".join(found)

    def _cut(self) -> None:
        self.is_late = True
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It was closed already, by us or by the other side.
            return


def _headers(system: System, target: Target, key: str) -> Mapping[str, str]:
    usual = target.port == (443 if target.scheme == "https" else 80)
    headers = {
        "Host": target.host if usual else f"{target.host}:{target.port}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "Connection": "close",
        "User-Agent": "kingpost",
        "Idempotency-Key": f'"{key}"',
    }
    return headers | ({"Authorization": f"Bearer {system.token}"} if system.token else {})


def _told(error: Exception) -> str:
    """Return an error in words that name nothing of what was sent."""
    match error:
        case ssl.SSLError():
            return "its certificate or its encryption does not hold"
        case ConnectionRefusedError():
            return "it refuses the connection"
        case TimeoutError():
            return "it did not answer in time"
        case http.client.HTTPException() | ConnectionError():
            return "it broke the connection off"
        case _:
            return "it cannot be reached"


def _answer(status: int, kind: str, body: bytes, *, wanted: bool) -> Mapping[str, Any] | Trouble:
    if status in _REDIRECTS:
        return Trouble(f"it answers {status}, and nobody is sent on elsewhere", lasting=True)
    if status in _ERRORS or status in _PASSING:
        return Trouble(f"it answers {status}")
    if status not in _SUCCESS:
        return Trouble(f"it answers {status}", lasting=True, unwell=False)
    if len(body) > BODY_BYTES_MAX:
        return Trouble(f"it answers with more than {BODY_BYTES_MAX:,} bytes", lasting=True)
    if not wanted:
        return {}
    if kind != "application/json" and not kind.endswith("+json"):
        return Trouble(f"it answers with {kind}, expected application/json", lasting=True)
    return _members(body)


def _members(body: bytes) -> Mapping[str, Any] | Trouble:
    try:
        read: object = json.loads(
            body.decode(), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_distinct
        )
    except RecursionError:
        return Trouble(_NESTING, lasting=True)
    except ValueError:
        return Trouble("it answers with what is no JSON", lasting=True)
    if not isinstance(read, dict):
        return Trouble("it answers with JSON that is no object", lasting=True)
    return cast("dict[str, Any]", read)


def _refuse(word: str) -> object:
    raise ValueError(word)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of two members of one name nobody knows which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands twice")
    return found
