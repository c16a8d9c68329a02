"""Posts and people: who holds what, now and before."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from urllib.parse import quote

from kingpost.model.organisation import Post, Vacancy
from kingpost.queries.alarms.alarm import Alarms
from kingpost.queries.changes.organisation import Reorganised
from kingpost.queries.organisation import Act as Done
from kingpost.queries.organisation import (
    Appointed,
    Organisation,
    PersonRow,
    PostNow,
    PostPage,
    UnitNow,
)
from kingpost.queries.organisation import PersonPage as FoundPerson
from kingpost.queries.page import Page, cut
from kingpost.queries.people import Answering as Held
from kingpost.queries.people import Holder
from kingpost.queries.succession.opening import may_open
from kingpost.web.figures import Metric
from kingpost.web.form_pieces import Field, FieldGroup, Form, FormError, Option
from kingpost.web.overviews import OrganisationPage, PersonPage, PostRow, Unit
from kingpost.web.pages import words
from kingpost.web.pages.frame import View
from kingpost.web.pages.keys import Keys
from kingpost.web.pages.overview.alarms import alarms_table
from kingpost.web.pages.overview.authority import grant_words
from kingpost.web.pages.overview.lending import absences_table, delegations_table
from kingpost.web.pages.paging import pager
from kingpost.web.pages.places import in_the_model, succession_url
from kingpost.web.pieces import Act, Cell, Column, Empty, Link, Pill, Table
from kingpost.web.presenters import Answering, Head
from kingpost.web.record_pieces import Event, EventDay, Fact, FactGroup

_HOLDERS_MAX = 3
_ICONS = {"decided": "check", "completed": "check", "raised": "alert", "started": "plus"}


def organisation_page(
    view: View,
    found: Organisation,
    people: Page[PersonRow],
    appoint: Form | None,
    alarms: Alarms,
    *,
    last: Reorganised | None = None,
) -> OrganisationPage:
    """Return the page of posts and people. appoint: None without the right to.

    last: the latest change of the organisation.
    """
    facts = [Link("Who answered on a day", "/org/who")]
    if last is not None:
        at = words.moment(last.at, view.now, view.zone).text
        there = f"/org?on={quote(last.at.isoformat())}"
        facts.append(Link(f"As it was before the change of {at}", there))
    posts = sum(len(unit.posts) for unit in found.units)
    vacant = len(found.vacant)
    return OrganisationPage(
        head=Head(
            "Posts and people",
            tuple(facts),
            as_at=words.moment(found.as_at, view.now, view.zone),
        ),
        metrics=(
            Metric("Posts", words.number(posts)),
            Metric("Vacant", words.number(vacant), tone="risk" if vacant else "neutral"),
            Metric("People", words.number(found.people)),
            Metric("Holding a post", words.number(found.holders)),
        ),
        units=units_of(view, found),
        people=_people(view, people),
        appoint=appoint,
        pager=pager(people, lambda number: f"/org?page={number}#people-title"),
        alarms=alarms_table(view, alarms),
    )


def units_of(view: View, found: Organisation) -> tuple[Unit, ...]:
    """Return units with their posts, from the top."""
    return tuple(_unit(view, unit) for unit in sorted(found.units, key=_height) if unit.posts)


def _height(unit: UnitNow) -> int:
    """Return how far below the top a unit begins."""
    return min((post.depth for post in unit.posts), default=0)


def _unit(view: View, unit: UnitNow) -> Unit:
    top = _height(unit)
    rows = (replace(post, depth=post.depth - top) for post in unit.posts)
    return Unit(unit.title, tuple(_post(view, post, "") for post in rows))


def post_page(
    view: View, found: PostPage, appoint: Form | None, *, may_end: bool, number: int = 1
) -> OrganisationPage:
    """Return the page of one post: its authority, and everyone who ever held it.

    may_end: the reader may end appointments to it. number: of the page of appointments.
    """
    post = found.now.post
    facts = [Link(found.unit_title)]
    if found.reports_to is not None:
        to = found.reports_to
        facts.append(Link(f"reports to {to.title}", f"/org/posts/{to.post}"))
    by = post.answered_for_by
    if by is not None:
        facts.append(Link(f"for an agent, under {view.post_title(by)}", f"/org/posts/{by}"))
    facts.append(Link("who answered on a day", f"/org/who?of=post/{post.id}"))
    person, free = view.visitor.person, view.visitor.acting_as in {None, post.id}
    mine = (item for item in found.appointments if item.person == person and free)
    if may_open(view.program.model, post.id, view.reader.holdings, mine, view.now):
        facts.append(Link("what a new holder takes over", succession_url(post.id)))
    authority = tuple(grant_words(view.program.model, grant) for grant in post.authority)
    keys = Keys()
    shown = cut(found.appointments, number)
    rows = tuple(_holder(view, item, post.id, keys, may_end=may_end) for item in shown.rows)
    columns = (
        Column("Holder"),
        Column("Kind"),
        Column("From"),
        Column("Until"),
        *((Column("Change"),) if may_end else ()),
    )
    empty = Empty("Never held", "Nobody was ever appointed to this post.", icon="person")
    return OrganisationPage(
        head=Head(
            post.title,
            tuple(facts),
            (in_the_model(f"post/{post.id}"),),
            words.moment(found.as_at, view.now, view.zone),
        ),
        metrics=(
            Metric("Seats held", f"{len(found.now.answering.holders)} of {post.seats}"),
            Metric("Open work", words.number(found.now.open_work)),
            Metric("Overdue", words.number(found.now.overdue)),
        ),
        units=(Unit("The post", (_post(view, replace(found.now, depth=0), _roles(view, post)),)),),
        people=Table("Everyone who ever held it, the latest first", columns, rows, empty),
        appoint=appoint,
        authority=authority,
        delegations=delegations_table(view, found.delegations, may_end=may_end),
        pager=pager(shown, lambda number: f"/org/posts/{post.id}?page={number}#people-title"),
    )


def _holder(
    view: View, item: Appointed, post: str, keys: Keys, *, may_end: bool
) -> tuple[Cell, ...]:
    runs = not item.withdrawn and (item.until is None or item.until > view.now)
    to_come = item.since > view.now
    act = Act(
        "Withdraw" if to_come else "End now",
        f"/org/appointments/{item.id}/end",
        post=True,
        key=keys.next(),
        fields=(("post", item.post),),
        confirm=f"Withdraw the appointment of {item.name} as {item.post_title}?"
        if to_come
        else f"End the appointment of {item.name} as {item.post_title} now?",
    )
    return (
        Cell(item.name, f"/people/{item.person}"),
        Cell(words.held_as(item.kind), note=f"as {item.post}" if item.post != post else ""),
        Cell(words.moment(item.since, view.now, view.zone).text),
        Cell(held_until(view, item), note=f"ended by {item.ended_by}" if item.ended_by else ""),
        *((Cell("", act=act if runs else None, about=item.name),) if may_end else ()),
    )


def appoint_form(view: View, typed: Mapping[str, str], error: str, posts: Iterable[str]) -> Form:
    """Return the form that appoints a person.

    error: a sentence, empty when nothing is wrong. posts: those that the reader may appoint to.
    """
    declared = view.program.model.posts
    offered = sorted((declared[name] for name in posts), key=lambda item: item.title)
    chosen = typed.get("post") or (offered[0].id if len(offered) == 1 else "")
    fields = (
        Field(
            "text",
            "person",
            "Person",
            typed.get("person", ""),
            "The name of the account, as it stands in the list of people.",
            error=error,
        ),
        Field(
            "choice",
            "post",
            "Post",
            chosen,
            options=tuple(Option(item.id, item.title, item.id == chosen) for item in offered),
        ),
        Field("date", "from", "From", typed.get("from", ""), "Empty: from now on.", required=False),
        Field("date", "until", "Until", typed.get("until", ""), "Empty: no end.", required=False),
        Field(
            "yes-no",
            "acting",
            "Acting, for the time being",
            required=False,
            options=(
                Option("no", "No", typed.get("acting") != "yes"),
                Option("yes", "Yes", typed.get("acting") == "yes"),
            ),
        ),
    )
    errors = (FormError("field-person", error),) if error else ()
    return Form("/org/appointments", "Appoint", Keys().next(), (FieldGroup("", fields),), errors)


def person_page(
    view: View, found: FoundPerson, delegate: Form | None = None, away: Form | None = None
) -> PersonPage:
    """Return the page of a person. delegate, away: the forms of one's own page."""
    chip = words.person(found.id, found.name)
    return PersonPage(
        head=Head(
            found.name,
            (Link(found.id), *((Link("machine agent"),) if found.is_agent else ())),
            as_at=words.moment(found.as_at, view.now, view.zone),
        ),
        person=chip,
        posts=_appointments(view, (*found.now, *found.later, *found.past)),
        delegations=delegations_table(view, (*found.given, *found.received), may_end=False),
        delegate=delegate,
        absences=absences_table(view, found.absences, own=away is not None),
        away=away,
        conflicts=_conflicts(view, found),
        days=_days(view, found),
        facts=FactGroup(
            "Now",
            (
                Fact("Posts held", words.number(len(found.now)), number=True),
                Fact("Work taken on", words.number(found.assigned), number=True),
                Fact("Acts on record", words.number(found.acts.total), number=True),
            ),
        ),
    )


def _roles(view: View, post: Post) -> str:
    return ", ".join(view.program.model.roles[role].title for role in post.roles)


def _post(view: View, found: PostNow, roles: str) -> PostRow:
    post, answering = found.post, found.answering
    holders = tuple(
        Answering(
            post.title,
            Link(post.title, f"/org/posts/{post.id}"),
            words.person(item.person, item.name),
            _note(item),
        )
        for item in answering.holders[:_HOLDERS_MAX]
    )
    rest = len(answering.holders) - len(holders)
    load = words.plural(found.open_work, "task") + " open" if found.open_work else ""
    if found.overdue:
        load += f", {words.number(found.overdue)} overdue"
    if rest > 0:
        holders = (*holders, Answering("", Link(""), None, f"and {words.number(rest)} more"))
    return PostRow(
        post.title,
        f"/org/posts/{post.id}",
        found.depth,
        roles,
        holders,
        f"{len(answering.holders)} of {words.plural(post.seats, 'seat')} held",
        load,
        answering.is_vacant,
        vacancy_words(view, post) if answering.is_vacant else _away(view, answering),
        post.id,
    )


def _note(holder: Holder) -> str:
    kind = "" if holder.kind == "substantive" else words.held_as(holder.kind).lower()
    return ", ".join(filter(None, (kind, "away" if holder.absent else "")))


def _away(view: View, answering: Held) -> str:
    """Return who acts while all holders are away; empty when somebody is there."""
    if not all(holder.absent for holder in answering.holders):
        return ""
    if answering.falls_to is None:
        return "Everybody is away, and its work waits."
    return f"While everybody is away, {view.post_title(answering.falls_to)} acts."


def vacancy_words(view: View, post: Post) -> str:
    """Return what happens while a post is vacant, a sentence."""
    match post.vacancy:
        case Vacancy.SUPERIOR if post.reports_to:
            return f"While it is vacant, {view.post_title(post.reports_to)} acts."
        case Vacancy.POST if post.falls_to:
            return f"While it is vacant, {view.post_title(post.falls_to)} acts."
        case _:
            return "While it is vacant, its work waits."


def _people(view: View, people: Page[PersonRow]) -> Table:
    columns = (Column("Person"), Column("Posts"))
    rows = tuple(
        (
            Cell(row.name, f"/people/{row.id}", f"{row.id}, agent" if row.is_agent else row.id),
            Cell(", ".join(view.post_title(post) for post in row.posts) or "none"),
        )
        for row in people.rows
    )
    empty = Empty("Nobody", "The register is empty. Load people from CSV files.", icon="person")
    shown = f"People, {words.number(len(rows))} of {words.number(people.total)}"
    return Table(shown, columns, rows, empty)


def _appointments(view: View, found: tuple[Appointed, ...]) -> Table:
    columns = (Column("Post"), Column("Kind"), Column("From"), Column("Until"), Column("Now"))
    rows = tuple(
        (
            Cell(item.post_title, f"/org/posts/{item.post}"),
            Cell(words.held_as(item.kind)),
            Cell(words.moment(item.since, view.now, view.zone).text),
            Cell(held_until(view, item)),
            Cell("", pill=_standing(view, item)),
        )
        for item in found
    )
    empty = Empty("No post", "Nothing was ever held.", icon="person")
    return Table("Posts held, now and before", columns, rows, empty)


def held_until(view: View, item: Appointed) -> str:
    """Return when an appointment ends, or that it was withdrawn."""
    if item.withdrawn:
        return "Withdrawn"
    return words.moment(item.until, view.now, view.zone).text if item.until else "No end"


def _standing(view: View, item: Appointed) -> Pill:
    if item.withdrawn:
        return Pill("Withdrawn")
    if item.since > view.now:
        return Pill("To come")
    return Pill("Over") if item.until and item.until <= view.now else Pill("Current", "good")


def _conflicts(view: View, found: FoundPerson) -> tuple[str, ...]:
    model = view.program.model
    held = {
        role
        for item in found.now
        if (post := model.posts.get(item.post)) is not None
        for role in post.roles
    }
    return tuple(
        f"{model.roles[role].title} and {model.roles[other].title} exclude each other."
        for role in sorted(held)
        for other in model.roles[role].incompatible_with
        if other in held
    )


def _days(view: View, found: FoundPerson) -> tuple[EventDay, ...]:
    days = groupby(found.acts.rows, key=lambda act: words.day(act.at, view.zone))
    return tuple(EventDay(title, tuple(_act(view, act) for act in group)) for title, group in days)


def _act(view: View, act: Done) -> Event:
    workflow = view.program.model.workflows.get(act.workflow)
    step = workflow.step(act.step) if workflow and act.step else None
    choice = f": {words.title_of(act.choice)}" if act.choice else ""
    title = f"{step.title}{choice}" if step else f"{words.title_of(act.kind)}{choice}"
    return Event(
        id=f"act-{act.number}-{act.seq}",
        at=words.moment(act.at, view.now, view.zone),
        title=title,
        icon=_ICONS.get(act.kind, "dot"),
        post=view.post_title(act.post),
        links=(Link(f"Case {act.number}", f"/cases/{act.number}/timeline#event-{act.seq}"),),
    )
