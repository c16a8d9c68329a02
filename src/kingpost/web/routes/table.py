"""Every address of the pages, in one table."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kingpost.web.pages.changes.proposals import PATHS
from kingpost.web.routes import (
    acts,
    calls,
    gallery,
    lending,
    organisation,
    overviews,
    who,
    work,
)
from kingpost.web.routes.access import account, sessions
from kingpost.web.routes.cases import overrides, repairs
from kingpost.web.routes.changes import plans, versions
from kingpost.web.routes.live import live
from kingpost.web.routes.looking import exports, model, search
from kingpost.web.routes.signed import act, page
from kingpost.web.routes.trouble import exceptions


async def _home(_: Request) -> Response:
    return RedirectResponse("/work", 303)


async def _static(request: Request) -> Response:
    return await request.app.state.assets.serve(request)


def _post(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(path, endpoint, methods=["POST"])


ROUTES = (
    Route("/", _home),
    Route("/static/{name}", _static),
    Route("/live", live),
    Route("/sign-in", sessions.show_sign_in),
    _post("/sign-in", sessions.sign_in),
    _post("/sign-in/try", sessions.try_account),
    _post("/sign-out", sessions.sign_out),
    _post("/seat", sessions.choose_seat),
    _post("/theme", sessions.choose_theme),
    Route("/account", page(account.account, to_come=True)),
    _post("/account/password", act(account.change_password, to_come=True)),
    _post("/account/tokens", act(account.make_token, to_come=True)),
    _post("/account/sessions/end-others", act(account.end_others, to_come=True)),
    _post("/account/sessions/{session}/end", act(account.end, to_come=True)),
    Route("/work", page(work.worklist)),
    Route("/tasks/{task:uuid}", page(work.open_work)),
    _post("/tasks/{task:uuid}/complete", act(acts.complete)),
    _post("/tasks/{task:uuid}/record", act(acts.record)),
    _post("/tasks/{task:uuid}/decide", act(acts.decide)),
    _post("/tasks/{task:uuid}/assign", act(acts.assign)),
    _post("/tasks/{task:uuid}/raise", act(acts.raise_exception)),
    _post("/tasks/{task:uuid}/resolve", act(acts.resolve)),
    _post("/tasks/{task:uuid}/deliver", act(acts.deliver)),
    Route("/tasks/{task:uuid}/override", page(overrides.asking)),
    _post("/tasks/{task:uuid}/override", act(overrides.ask)),
    Route("/tasks/{task:uuid}/override/confirm", page(overrides.confirming)),
    _post("/tasks/{task:uuid}/override/confirm", act(overrides.confirm)),
    _post("/tasks/{task:uuid}/override/decline", act(overrides.decline)),
    _post("/tasks/{task:uuid}/review", act(overrides.review)),
    Route("/calls", page(calls.calls)),
    _post("/calls/retry", act(calls.retry)),
    _post("/calls/give-up", act(calls.give_up)),
    _post("/messages/drop", act(calls.drop_message)),
    Route("/exceptions", page(exceptions.exceptions)),
    _post("/exceptions/look", act(exceptions.look)),
    _post("/exceptions/acts", act(exceptions.begin)),
    Route("/exceptions/acts/{batch:uuid}", page(exceptions.batch)),
    _post("/exceptions/acts/{batch:uuid}/go-on", act(exceptions.go_on)),
    Route("/work.csv", page(exports.work)),
    Route("/cases.csv", page(exports.cases)),
    Route("/cases", page(work.cases)),
    Route("/cases/{number}", page(work.case)),
    Route("/cases/{number}/repair", page(repairs.repair)),
    _post("/cases/{number}/repair", act(repairs.look)),
    _post("/cases/{number}/repair/propose", act(repairs.propose)),
    Route("/cases/{number}/repair/proposed", page(repairs.proposed)),
    _post("/cases/{number}/repair/confirm", act(repairs.confirm)),
    _post("/cases/{number}/repair/decline", act(repairs.decline)),
    Route("/cases/{number}/{tab}", page(work.case)),
    Route("/start", page(work.start)),
    Route("/start/{workflow}", page(work.start)),
    _post("/start/{workflow}", act(acts.start_case)),
    Route("/processes", page(overviews.processes)),
    Route("/processes/{workflow}", page(overviews.process)),
    Route("/objectives", page(overviews.objectives)),
    Route("/measures/{metric}", page(overviews.measure)),
    Route("/obligations", page(overviews.obligations)),
    Route("/obligations/{obligation}", page(overviews.obligation)),
    Route("/plans", page(plans.plans)),
    Route("/plans/{plan}", page(plans.plan)),
    *(_post(f"/plans/{{plan}}/{name}", act(plans.say(kind))) for kind, name in PATHS.items()),
    _post("/plans/{plan}/apply", act(plans.apply)),
    Route("/versions", page(versions.versions)),
    Route("/versions/{version}", page(versions.version)),
    Route("/search", page(search.search)),
    Route("/model", page(model.model)),
    Route("/model/{path:path}", page(model.model)),
    _post("/model/{path:path}", act(model.try_rule)),
    Route("/org", page(organisation.organisation)),
    Route("/org/who", page(who.who)),
    Route("/org/posts/{post}", page(organisation.post)),
    Route("/org/posts/{post}/succession", page(organisation.succession, to_come=True)),
    _post("/org/appointments", act(organisation.make_appointment)),
    _post("/org/appointments/{appointment:uuid}/end", act(organisation.end)),
    _post("/org/delegations", act(lending.delegate)),
    _post("/org/delegations/{delegation:uuid}/end", act(lending.take_back)),
    _post("/org/absences", act(lending.be_away)),
    _post("/org/absences/{absence:uuid}/end", act(lending.be_back)),
    Route("/people/{person}", page(organisation.person)),
    Route("/gallery", page(gallery.gallery)),
    Route("/gallery/{name}", page(gallery.sample)),
)
