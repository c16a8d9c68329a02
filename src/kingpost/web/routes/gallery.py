"""The gallery: every part and every page in its states, with invented values, for designers."""

from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from kingpost.web.gallery import gallery_page, sample_page
from kingpost.web.pages.frame import View
from kingpost.web.pages.problems import not_found
from kingpost.web.samples.pages import SAMPLES


def gallery(view: View) -> Response:
    """Show every part in its states."""
    return HTMLResponse(gallery_page(_environment(view)))


def sample(view: View) -> Response:
    """Show one page with invented values."""
    name: str = view.request.path_params["name"]
    if name not in SAMPLES:
        return not_found(view, "sample", name)
    return HTMLResponse(sample_page(_environment(view), name))


def _environment(view: View) -> Environment:
    return view.request.app.state.environment
