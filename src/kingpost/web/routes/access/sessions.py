"""Signing in and out, the post one acts in, and the theme."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kingpost.engine import access
from kingpost.web.pages.frame import look
from kingpost.web.pages.problems import refused
from kingpost.web.pages.sign_in import sign_in_page
from kingpost.web.serving.answer import render
from kingpost.web.serving.arriving import read_form
from kingpost.web.serving.visitor import (
    THEMES,
    Visitor,
    company_of,
    device_of,
    forget,
    now,
    own_path,
    remember,
    remember_theme,
    visitor_of,
)

_SEE_OTHER = 303


async def show_sign_in(request: Request) -> Response:
    """Show the page to sign in on; who has signed in already goes home."""
    if await run_in_threadpool(visitor_of, request) is not None:
        return RedirectResponse(own_path(request.query_params.get("next", "/")), _SEE_OTHER)
    return await run_in_threadpool(_door, request, "", "", 200)


async def sign_in(request: Request) -> Response:
    """Sign a person in with a password."""
    form = await read_form(request)
    return await run_in_threadpool(_sign_in, request, form)


async def try_account(request: Request) -> Response:
    """Sign in as one of the example's people, where the example is shown."""
    form = await read_form(request)
    return await run_in_threadpool(_try_account, request, form)


async def sign_out(request: Request) -> Response:
    """End the session."""
    visitor = await run_in_threadpool(visitor_of, request)
    if visitor is not None:
        await run_in_threadpool(access.sign_out, company_of(request), visitor.token)
    response = RedirectResponse("/sign-in", _SEE_OTHER)
    forget(request, response)
    return response


async def choose_seat(request: Request) -> Response:
    """Act in one post from now on, or in whichever suffices."""
    form = await read_form(request)
    visitor = await run_in_threadpool(visitor_of, request)
    if visitor is None:
        return RedirectResponse(own_path(_text(form, "back")), _SEE_OTHER)
    return await run_in_threadpool(_choose_seat, request, visitor, form)


async def choose_theme(request: Request) -> Response:
    """Remember a theme."""
    form = await read_form(request)
    response = RedirectResponse(own_path(_text(form, "back")), _SEE_OTHER)
    theme = _text(form, "theme")
    remember_theme(response, theme if theme in THEMES else "auto")
    return response


def _choose_seat(request: Request, visitor: Visitor, form: FormData) -> Response:
    view, post = look(request, visitor), _text(form, "post")
    back = own_path(_text(form, "back"))
    if post and post not in {holding.post for holding in view.held.holdings}:
        why = f"You do not hold the post “{view.post_title(post)}”, so you cannot act in it."
        return refused(view, why, back=back)
    access.act_as(view.company, visitor.token, post or None)
    return RedirectResponse(back, _SEE_OTHER)


def _sign_in(request: Request, form: FormData) -> Response:
    person = _text(form, "person").strip()
    try:
        signed = access.sign_in(
            company_of(request),
            person,
            _text(form, "password"),
            now=now(request),
            device=device_of(request),
        )
    except access.NotSignedInError as error:
        return _door(request, person, str(error), 401)
    response = RedirectResponse(own_path(_text(form, "next")), _SEE_OTHER)
    remember(request, response, signed)
    return response


def _try_account(request: Request, form: FormData) -> Response:
    person = _text(form, "person")
    if person not in {account.person for account in request.app.state.demo}:
        return _door(request, "", "this account is not one to try", 403)
    signed = access.open_session(
        company_of(request), person=person, now=now(request), device=device_of(request)
    )
    response = RedirectResponse(own_path(_text(form, "next")), _SEE_OTHER)
    remember(request, response, signed)
    return response


def _door(request: Request, person: str, error: str, status: int) -> Response:
    page = sign_in_page(
        company_of(request).active().model.company,
        person=person,
        error=error,
        go_on=own_path(request.query_params.get("next", "/")),
        demo=request.app.state.demo,
    )
    return render(request, "sign_in.html", page, shell=None, status=status)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
