"""Delegations on the pages: what is lent, and the form that lends it."""

from collections.abc import Iterable, Mapping, Sequence

from kingpost.model.organisation import Post
from kingpost.queries.organisation import Away, Delegated
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError, Option
from kingpost.web.pages import words
from kingpost.web.pages.casework.refusals import Titles
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pieces import Act, Cell, Column, Empty, Pill, Table


def delegations_table(view: View, found: Iterable[Delegated], *, may_end: bool) -> Table:
    """Return delegations as a table. may_end: the reader may take back what others lent."""
    keys = Keys()
    rows = tuple(_row(view, item, keys, may_end=may_end) for item in found)
    columns = ("From", "To", "Post", "What", "Time", "Reason", "Now")
    empty = Empty("None", "Nothing is delegated.", icon="person")
    return Table("Delegations", tuple(map(Column, columns)), rows, empty)


def _row(view: View, item: Delegated, keys: Keys, *, may_end: bool) -> tuple[Cell, ...]:
    runs = not item.withdrawn and item.until > view.now
    act = Act(
        "Withdraw" if item.since > view.now else "Take back",
        f"/org/delegations/{item.id}/end",
        post=True,
        key=keys.next(),
        fields=(("post", item.post),),
        confirm=f"Take back what {item.giver_name} lent to {item.name} as {item.post_title}?",
    )
    mine = may_end or item.giver == view.visitor.person
    since, until = (
        words.moment(each, view.now, view.zone).text for each in (item.since, item.until)
    )
    ended = f"ended by {item.ended_by}" if item.ended_by else ""
    return (
        Cell(item.giver_name, f"/people/{item.giver}"),
        Cell(item.name, f"/people/{item.person}"),
        Cell(item.post_title, f"/org/posts/{item.post}"),
        Cell(scope_words(view, item.workflows, item.outcomes, item.when)),
        Cell("Withdrawn" if item.withdrawn else f"{since} to {until}", note=ended),
        Cell(item.reason),
        Cell("", pill=_standing(view, item), act=act if runs and mine else None, about=item.name),
    )


def _standing(view: View, item: Delegated) -> Pill:
    if item.withdrawn:
        return Pill("Withdrawn")
    if item.since > view.now:
        return Pill("To come")
    return Pill("Current", "good") if item.until > view.now else Pill("Over")


def scope_words(
    view: View, workflows: Iterable[str], outcomes: Sequence[str], when: str | None
) -> str:
    """Return what a delegation is narrowed to, in words."""
    model = view.program.model
    named = [outcome_words(view, name) for name in outcomes] or [
        flow.title if (flow := model.workflows.get(name)) else name for name in workflows
    ]
    only = ""
    if when and outcomes:
        workflow = outcomes[0].split("/")[0]
        only = f", only when {Titles(model, workflow).condition(when)}"
    return (", ".join(named) or "Everything") + only


def outcome_words(view: View, name: str) -> str:
    """Return an outcome, written workflow/step/outcome, in words."""
    workflow, step, outcome = name.split("/")
    titles = Titles(view.program.model, workflow)
    return f"{titles.step(step)}: “{titles.outcome(step, outcome)}”"


def delegate_form(view: View, typed: Mapping[str, str], error: str) -> Form | None:
    """Return the form by which the reader lends their own authority; None without any.

    error: a sentence, empty when nothing is wrong.
    """
    model = view.program.model
    own = (item.post for item in view.held.holdings if item.delegation is None)
    posts = sorted((model.posts[name] for name in own if name in model.posts), key=_title)
    if not posts:
        return None
    post = typed.get("post") or (posts[0].id if len(posts) == 1 else "")
    what = typed.get("what", "")
    fields = (
        Field(
            "choice",
            "post",
            "Your post",
            post,
            options=tuple(Option(item.id, item.title, item.id == post) for item in posts),
        ),
        Field(
            "text",
            "person",
            "To",
            typed.get("person", ""),
            "The name of the account, as it stands in the list of people.",
            error=error,
        ),
        Field(
            "choice",
            "what",
            "What",
            what,
            required=False,
            options=tuple(
                Option(value, title, value == what) for value, title in _choices(view, posts)
            ),
        ),
        Field("date", "from", "From", typed.get("from", ""), "Empty: from now on.", required=False),
        Field("date", "until", "Until", typed.get("until", ""), "The first day without it."),
        Field("text", "reason", "Reason", typed.get("reason", "")),
    )
    errors = (FormError("field-person", error),) if error else ()
    group = (FieldGroup("", fields),)
    return Form("/org/delegations", "Delegate", Keys().next(), group, errors)


def _choices(view: View, posts: Iterable[Post]) -> list[tuple[str, str]]:
    """Return what may be lent of some posts: everything, one workflow, or one outcome."""
    flows = sorted(view.program.model.workflows.values(), key=lambda flow: flow.title)
    outcomes = sorted(
        {
            f"{grant.workflow}/{grant.step}/{outcome}"
            for post in posts
            for grant in post.authority
            for outcome in grant.outcomes
        }
    )
    return [
        ("", "Everything"),
        *((f"workflow/{flow.id}", f"Only {flow.title}") for flow in flows),
        *((f"outcome/{name}", f"Only {outcome_words(view, name)}") for name in outcomes),
    ]


def absences_table(view: View, found: Iterable[Away], *, own: bool) -> Table:
    """Return absences as a table. own: of the reader, who may end them."""
    keys = Keys()
    rows = tuple(_absence(view, item, keys, own=own) for item in found)
    empty = Empty("None", "No absence is noted.", icon="person")
    columns = tuple(map(Column, ("From", "Until", "Reason", "Now")))
    return Table("Absences", columns, rows, empty)


def _absence(view: View, item: Away, keys: Keys, *, own: bool) -> tuple[Cell, ...]:
    over = item.withdrawn or (item.until is not None and item.until <= view.now)
    to_come = item.since > view.now
    act = Act(
        "Withdraw" if to_come else "I am back",
        f"/org/absences/{item.id}/end",
        post=True,
        key=keys.next(),
    )
    until = words.moment(item.until, view.now, view.zone).text if item.until else "Further notice"
    pill = Pill("Over") if over else Pill("To come" if to_come else "Away", "risk")
    return (
        Cell(words.moment(item.since, view.now, view.zone).text),
        Cell("Withdrawn" if item.withdrawn else until),
        Cell(item.reason),
        Cell("", pill=pill, act=act if own and not over else None, about=until),
    )


def away_form(typed: Mapping[str, str], error: str) -> Form:
    """Return the form by which the reader notes an absence. error: a sentence, or empty."""
    fields = (
        Field(
            "date", "away-from", "From", typed.get("away-from", ""), "Empty: from now on.",
            required=False, error=error,
        ),
        Field(
            "date", "away-until", "Back on", typed.get("away-until", ""),
            "Empty: until further notice.", required=False,
        ),
        Field("text", "away-reason", "Reason", typed.get("away-reason", ""), required=False),
    )  # fmt: skip
    errors = (FormError("field-away-from", error),) if error else ()
    return Form("/org/absences", "Note it", Keys().next(), (FieldGroup("", fields),), errors)


def _title(post: Post) -> str:
    return post.title
