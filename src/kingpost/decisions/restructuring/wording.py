"""What nobody has said yet about a change of the organisation, in words, and what to do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kingpost.decisions.restructuring.gone import Became, Gone, Part, Said
from kingpost.decisions.restructuring.lending import Relent
from kingpost.decisions.restructuring.people import Affected
from kingpost.decisions.restructuring.seats import Moved
from kingpost.model.model import Model

_NAMED_MAX = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """Something of a change of the organisation that somebody has to know, or to settle.

    kind: for programs. part: the address that it is about. blocks: whether the change may not take
    effect before it is settled. advice: what to do; empty where there is nothing to do.
    """

    kind: str
    part: str
    words: str
    advice: str = ""
    blocks: bool = False

    def __str__(self) -> str:
        return f"{self.words}. {self.advice}".rstrip()


def findings(
    after: Model,
    said: Said,
    moved: Sequence[Moved],
    lent: Iterable[Relent],
    people: Iterable[Affected],
) -> tuple[Finding, ...]:
    """Return what is to be settled, and then what is to be known."""
    every = [
        *_unsaid(said.gone),
        *_split_twice(after, said.parts),
        *_seats(after, moved),
        *_wrong_kind(after, moved),
        *_people(people),
        *_lent(lent),
        *_units(said.units),
    ]
    return tuple(sorted(every, key=lambda each: not each.blocks))


def _unsaid(gone: Iterable[Gone]) -> Iterator[Finding]:
    for each in gone:
        if each.became is not Became.UNSAID:
            continue
        hangs = _told(
            (len(each.holders), "holder", "holders"),
            (each.work, "piece of open work", "pieces of open work"),
            (each.shared, "piece of work of its roles", "pieces of work of its roles"),
            (each.lent, "delegation", "delegations"),
            (each.cases, "live case", "live cases"),
            (each.duties, "obligation", "obligations"),
        )
        words = f"`{each.post}` is gone, and nothing says what becomes of it"
        advice = (
            f"Write `was: {each.post}` at the post that it is now, or `takes-over: [{each.post}]` "
            "at the one that does its work."
        )
        if each.is_empty:
            yield Finding("unsaid", f"post/{each.post}", f"{words}; nothing hangs on it")
        else:
            yield Finding("unsaid", f"post/{each.post}", f"{words}: {hangs}", advice, blocks=True)


def _split_twice(after: Model, parts: Sequence[Part]) -> Iterator[Finding]:
    for each in parts:
        for role in each.roles:
            others = [
                other.part for other in parts if other.post == each.post and role in other.roles
            ]
            if others[0] == each.part and len(others) > 1:
                named = _list(others)
                words = f"{named} are all split from `{each.post}` and carry `{role}`"
                advice = f"Name one post that takes the work of `{role}`."
                yield Finding("split-twice", f"post/{each.post}", words, advice, blocks=True)
        if not each.roles:
            words = f"`{each.part}` is split from `{each.post}` and takes no role of it"
            title = after.posts[each.part].title
            advice = f"Give “{title}” a role that `{each.post}` carried and its heir does not."
            yield Finding("split-empty", f"post/{each.part}", words, advice)


def _seats(after: Model, moved: Iterable[Moved]) -> Iterator[Finding]:
    without: dict[str, list[str]] = {}
    for each in moved:
        if each.made is not None and not each.made.seat:
            without.setdefault(each.made.post, []).append(each.made.person)
    for post, people in without.items():
        seats = after.posts[post].seats
        has = "1 seat, and it is" if seats == 1 else f"{seats} seats, and they are"
        words = f"`{post}` has {has} not enough for {_list(people)}"
        advice = "Give it more `seats`, or end an appointment before."
        yield Finding("seats", f"post/{post}", words, advice, blocks=True)


def _wrong_kind(after: Model, moved: Iterable[Moved]) -> Iterator[Finding]:
    for each in moved:
        if each.made is None:
            continue
        is_for_agents = after.posts[each.made.post].answered_for_by is not None
        if is_for_agents != each.held.is_agent:
            who = "a machine agent" if each.held.is_agent else "a person"
            words = (
                f"`{each.held.person}` is {who}, and `{each.made.post}`, which `{each.held.post}` "
                f"becomes, is for {'machine agents' if is_for_agents else 'people'}"
            )
            advice = "End the appointment before, or let another post take over."
            yield Finding("wrong-holder", f"post/{each.made.post}", words, advice, blocks=True)


def _people(people: Iterable[Affected]) -> Iterator[Finding]:
    for each in people:
        for one, other in each.together:
            words = f"`{each.person}` would have `{one}` and `{other}`, which exclude each other"
            advice = "End an appointment before, or let another post take over a part."
            yield Finding("separation", f"role/{one}", words, advice, blocks=True)
        if each.is_without:
            posts = _list(each.before)
            words = f"`{each.person}` held {posts}, and is left without a post"
            yield Finding("without-a-post", f"person/{each.person}", words)


def _lent(lent: Iterable[Relent]) -> Iterator[Finding]:
    for each in lent:
        if each.to is not None:
            continue
        lender, other = each.giver.person, each.lent.person
        words = f"what `{lender}` lent `{other}` of `{each.giver.post}` ends"
        if each.more:
            more = ", ".join(each.more[:_NAMED_MAX])
            words = f"{words}, for it would lend {more} besides"
        yield Finding("delegation-ends", f"post/{each.giver.post}", words, "It can be lent anew.")


def _units(units: Iterable[tuple[str, Became, str | None]]) -> Iterator[Finding]:
    for unit, became, _ in units:
        if became is Became.UNSAID:
            words = f"the unit `{unit}` is gone, and nothing says what became of it"
            advice = f"Write `was: {unit}` or `takes-over: [{unit}]` at another unit."
            yield Finding("unit-unsaid", f"unit/{unit}", words, advice)


def _told(*counted: tuple[int, str, str]) -> str:
    return ", ".join(
        f"{number:,} {one if number == 1 else more}" for number, one, more in counted if number
    )


def _list(names: Iterable[str]) -> str:
    every = [f"`{name}`" for name in dict.fromkeys(names)]
    shown = every[:_NAMED_MAX]
    if len(every) > len(shown):
        return f"{', '.join(shown)} and {len(every) - len(shown)} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
