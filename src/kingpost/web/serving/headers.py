"""What guards every answer: headers, and the refusal of requests from other sites."""

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types kingpost"
)

_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
NOT_THIS_NAME = (
    "Kingpost does not answer under this name. Use the address that you were given, "
    "or ask whoever runs Kingpost to allow this one."
)
_SAFE = {"GET", "HEAD", "OPTIONS"}


class Guard:
    """Adds the headers, and refuses to act on what another site sends.

    A request that may change something must say by `Sec-Fetch-Site` that it comes from this site
    or from the person directly; a browser too old for that must send our own `Origin`.

    It answers under known names only. Another site could give its own name our address, and
    would then be the same site to every browser.

    hosts: names besides those of the loopback.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.hosts = LOOPBACK | {_without_port(host) for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        if _without_port(headers.get("host", "")) not in self.hosts:
            await PlainTextResponse(NOT_THIS_NAME, 400)(scope, receive, send_guarded)
            return
        if scope["method"] not in _SAFE and not _is_own(headers, scope["scheme"]):
            refusal = PlainTextResponse("This request came from another site.", 403)
            await refusal(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdecimal() else host.lower()


def _is_own(headers: Headers, scheme: str) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    # The host is an allowed one: others were refused before.
    return headers.get("origin") == f"{scheme}://{headers.get('host')}"
