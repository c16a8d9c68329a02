"""Word an answer: a page in its shell, or a problem page."""

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kingpost.web.shell import Shell


def render(
    request: Request, template: str, page: object, *, shell: Shell | None, status: int = 200
) -> Response:
    """Return a page. shell: None for who has not signed in."""
    environment: Environment = request.app.state.environment
    html = environment.get_template(template).render(page=page, shell=shell)
    return HTMLResponse(html, status)
