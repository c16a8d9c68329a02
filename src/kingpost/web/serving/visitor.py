"""Who visits: the person behind a request, from the session's cookie."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from kingpost.engine import access
from kingpost.engine.access import SignedIn
from kingpost.engine.company import Company

THEMES = ("auto", "light", "dark")
_THEME_COOKIE = "kingpost-theme"
_YEAR_SECONDS = 31_536_000
# The first that a browser says of itself counts: each says what it is like as well.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who has signed in.

    acting_as: the post chosen to act in; None for whichever suffices.
    token:     of the session; never shown.
    """

    person: str
    name: str
    acting_as: str | None
    token: str


def company_of(request: Request) -> Company:
    """Return the company that these pages show."""
    company = request.app.state.company
    assert isinstance(company, Company), "set when the pages were made"
    return company


def now(request: Request) -> datetime:
    """Return the aware time now."""
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()


def visitor_of(request: Request) -> Visitor | None:
    """Return who has signed in, or None. These pages are for people, whatever the cookie holds."""
    token = request.cookies.get(_cookie(request))
    session = access.who(company_of(request), token) if token else None
    if token is None or session is None or session.person is None or session.is_agent:
        return None
    return Visitor(session.person, session.person_name or "", session.acting_as, token)


def remember(request: Request, response: Response, signed: SignedIn) -> None:
    """Give the browser its session."""
    response.set_cookie(
        _cookie(request),
        signed.token,
        expires=signed.expires_at,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def forget(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(
        _cookie(request), path="/", secure=_is_secure(request), httponly=True, samesite="lax"
    )


def device_of(request: Request) -> str:
    """Return the browser and system that ask, in words that their owner knows; or nothing."""
    text = request.headers.get("user-agent", "")
    browser = next((name for sign, name in _BROWSERS if sign in text), "")
    system = next((name for sign, name in _SYSTEMS if sign in text), "")
    return " on ".join(filter(None, (browser, system)))


def theme_of(request: Request) -> str:
    """Return the theme that the browser asked to remember."""
    theme = request.cookies.get(_THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def remember_theme(response: Response, theme: str) -> None:
    """Let the browser remember a theme."""
    response.set_cookie(_THEME_COOKIE, theme, max_age=_YEAR_SECONDS, path="/", samesite="lax")


def own_path(path: str) -> str:
    """Return a path of this site to go back to; anything else becomes the home page."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and path.isprintable() else "/"


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie(request: Request) -> str:
    # A browser takes a `__Host-` cookie over a secure connection only.
    return "__Host-kingpost" if _is_secure(request) else "kingpost"
