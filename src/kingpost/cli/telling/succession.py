"""A succession pack in words and columns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kingpost.cli.columns import count
from kingpost.cli.moments import in_words
from kingpost.queries.alarms.alarm import Duty
from kingpost.queries.people import Answering
from kingpost.queries.succession.pack import Kept, Owned, Succession
from kingpost.queries.worklist import View
from kingpost.values.money import write_money
from kingpost.web.pages.overview.goals import metric_value, target_words

_NAMED_MAX = 3


@dataclass(frozen=True, slots=True)
class Section:
    """Rows below a title; a section without rows is left out."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def heading(found: Succession) -> Iterator[str]:
    """Yield what a post is for, where it stands, and who acts in it."""
    post, place = found.post, found.place
    yield f"{post.title} (post/{post.id}), as at {_moment(found.as_at)}, model {found.model[:8]}"
    if post.description:
        yield post.description
    above = f", reports to {_who(place.reports_to)}" if place.reports_to else ""
    yield f"In {place.unit_title}{above}."
    yield f"Held by {_people(place.answering)}; {count(post.seats, 'seat')}."
    if place.acting is not None:
        yield f"Meanwhile {_who(place.acting)} acts."
    if place.roles:
        yield f"Carries {_titles(place.roles)}."
    if place.stands_in:
        now = f"; empty now: {', '.join(place.empty)}" if place.empty else ""
        yield f"Stands in for {_titles(place.stands_in)} while nobody is there{now}."
    counts, page = found.work.counts, found.work.page
    below = f"; {counts[View.BELOW]:,} of those below" if counts[View.BELOW] else ""
    open_work = f"{count(counts[View.ALL], 'piece')} of open work"
    more = f" Page {page.number} of {page.last}; see --page." if page.last > 1 else ""
    yield f"{open_work}, {counts[View.OVERDUE]:,} overdue{below}.{more}"


def sections(found: Succession) -> Iterator[Section]:
    """Yield what goes with a post, and what stays with the person who held it."""
    yield _work(found)
    yield _decisions(found)
    yield _answers(found)
    yield _obligations(found)
    yield _expected(found)
    yield _exceptions(found)
    yield _parts("May repair the cases of", found.repairs)
    kept = tuple(row for each in found.kept for row in _kept(each))
    yield Section("Keeps in the model", ("part", "title"), kept)
    yield _parts("Hears when late", found.told)
    yield from _people_of(found)
    yield _decided(found)


def _work(found: Succession) -> Section:
    rows: list[tuple[str, ...]] = []
    for item in found.work.page.rows:
        due = _moment(item.term.due_at) if item.term and item.term.due_at else "–"
        due = f"held by {item.suspended}" if item.suspended else due
        to = item.post or f"role {item.role}"
        rows.append((item.number, item.step_title, due, to, item.person or "–"))
    head = ("case", "step", "due", "addressed to", "taken on by")
    return Section("Open work, overdue first", head, tuple(rows))


def _decisions(found: Succession) -> Section:
    rows: list[tuple[str, ...]] = []
    for each in found.decisions:
        votes = f", {each.quorum.needed} of {each.quorum.asked} together" if each.quorum else ""
        outcomes = ", ".join(each.grant.outcomes) + votes
        limit = each.grant.when or "always"
        rows.append((each.address, outcomes, limit, _used(each), f"{each.open:,}"))
    head = ("decision", "outcomes", "only when", "used of its allowance", "open")
    return Section("Decisions", head, tuple(rows))


def _used(item: Owned) -> str:
    allowance = item.grant.allowance
    if allowance is None or item.used is None:
        return "–"
    used, most = (write_money(each, allowance.currency) for each in (item.used, allowance.at_most))
    return f"{used} of {most} in the {allowance.per} from {item.since}"


def _answers(found: Succession) -> Section:
    flows = ((f"workflow/{item.id}", item.title, f"{item.in_flight:,}") for item in found.workflows)
    lines = (
        (f"interface/{item.id}", item.title, f"{item.troubled:,} in trouble")
        for item in found.interfaces
    )
    return Section("Answers for", ("part", "title", "open"), (*flows, *lines))


def _obligations(found: Succession) -> Section:
    rows: list[tuple[str, ...]] = []
    for each in found.obligations:
        item, counts = each.now.obligation, each.now.counts
        owed = f"{counts.owed:,}" + (f", {counts.overdue:,} overdue" if counts.overdue else "")
        due = _moment(each.next_due) if each.next_due else "–"
        stands = each.now.standing.value
        rows.append((f"obligation/{item.id}", item.title, stands, owed, due))
    head = ("obligation", "title", "stands", "owed", "next due")
    return Section("Obligations", head, tuple(rows))


def _expected(found: Succession) -> Section:
    rows: list[tuple[str, ...]] = []
    for item in found.objectives:
        place = f"objective/{item.id}"
        if not item.measures:
            rows.append((place, item.title, "–", "–", item.status.value))
        for each in item.measures:
            now = metric_value(each.metric, each.now.value)
            target = target_words(each.metric, each.target)
            rows.append((place, each.title, now, target, each.status.value))
    return Section("Expected", ("objective", "measure", "now", "target", "status"), tuple(rows))


def _exceptions(found: Succession) -> Section:
    rows = tuple(
        (item.address, item.title, _yes(item.may_end), _yes(item.works), f"{item.open:,}")
        for item in found.exceptions
    )
    head = ("exception", "title", "may raise and end it", "its work", "cases")
    return Section("Exceptions", head, rows)


def _parts(title: str, parts: Iterable[Duty]) -> Section:
    return Section(title, ("part", "title"), tuple((item.address, item.title) for item in parts))


def _kept(kept: Kept) -> Iterator[tuple[str, str]]:
    yield from ((item.address, item.title) for item in kept.parts)
    rest = kept.total - len(kept.parts)
    if rest:
        yield f"{kept.kind}/…", f"and {rest:,} more"


def _people_of(found: Succession) -> Iterator[Section]:
    lent = tuple(
        (item.giver, item.person, _moment(item.until), item.reason) for item in found.given
    )
    yield Section("Lent to others", ("from", "to", "until", "reason"), lent)
    rest = found.holders_total - len(found.holders)
    held = tuple(
        (
            item.person,
            item.kind,
            in_words(item.since),
            "withdrawn" if item.withdrawn else in_words(item.until),
        )
        for item in found.holders
    )
    earlier = f", and {rest:,} before" if rest else ""
    yield Section(f"Held by, the latest first{earlier}", ("person", "kind", "from", "until"), held)
    stays = tuple((item.person, item.post, _moment(item.until)) for item in found.received)
    yield Section("Stays with the person: lent by others", ("person", "post", "until"), stays)


def _decided(found: Succession) -> Section:
    rows = tuple(
        (
            _moment(item.at),
            item.number,
            item.title,
            item.outcome,
            f"{item.person} for {item.giver}" if item.giver else item.person,
        )
        for item in found.recent
    )
    head = ("at", "case", "decision", "outcome", "by")
    return Section(f"Decided in the last {found.days} days, the latest", head, rows)


def _who(item: Answering) -> str:
    return f"{item.title} ({_people(item)})"


def _people(item: Answering) -> str:
    named = [holder.name for holder in item.holders[:_NAMED_MAX]]
    rest = len(item.holders) - len(named)
    return ", ".join((*named, f"{rest:,} more") if rest else named) or "nobody"


def _titles(parts: Iterable[Duty]) -> str:
    return ", ".join(part.title for part in parts)


def _yes(wanted: bool) -> str:  # noqa: FBT001 - a value to print
    return "yes" if wanted else "no"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
