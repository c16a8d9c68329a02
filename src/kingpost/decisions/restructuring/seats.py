"""Who comes to which seat of the posts that take over from others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kingpost.decisions.restructuring.facts import Held
from kingpost.values.identity import derive


@dataclass(frozen=True, slots=True)
class Moved:
    """What becomes of an appointment to a post that is gone.

    to: the appointment by which its holder goes on; None when it ends. made: that one, when it is
    new. seat: 0 when no seat was left.
    """

    held: Held
    to: UUID | None
    made: Held | None = None


def seated(
    held: Iterable[Held], heirs: Mapping[str, str], seats: Mapping[str, int], now: datetime
) -> Iterator[Moved]:
    """Yield what becomes of appointments to posts that are gone.

    held:  all that run or are to come. heirs: by post that is gone, the post whose seat its holders
           come to; of others the appointments end. seats: how many each post has.
    """
    staying: dict[str, list[Held]] = defaultdict(list)
    coming: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for item in held:
        if item.post not in heirs:
            staying[item.post].append(item)
        else:
            coming[heirs[item.post], item.person].append(item)
    order = sorted(coming.items(), key=lambda each: (min(it.start for it in each[1]), each[0]))
    for (post, person), items in order:
        own = [item for item in staying[post] if item.person == person]
        covered = {
            item.id: each for item in items for each in own if _covers(each, _from(item, now))
        }
        yield from (Moved(item, covered[item.id].id) for item in items if item.id in covered)
        rest = [item for item in items if item.id not in covered]
        if rest:
            # What the person holds there already goes on with it as one, on one seat.
            staying[post] = [item for item in staying[post] if item.person != person]
            for moved in _joined_up(post, [*rest, *own], staying[post], seats[post], now):
                if moved.made is not None and moved.made.seat:
                    staying[post].append(moved.made)
                yield moved


def _joined_up(
    post: str, items: list[Held], there: list[Held], seats: int, now: datetime
) -> Iterator[Moved]:
    """Yield how one person goes on in a post; of what overlaps one seat is enough."""
    spans: list[tuple[Held, list[Held]]] = []
    for item in sorted(items, key=lambda each: (max(each.start, now), each.id)):
        name = derive(f"{item.id}/{post}/{now.isoformat()}")
        wished = replace(_from(item, now), post=post, id=name)
        if spans and _touches(spans[-1][0], wished):
            spans[-1] = (_joined(spans[-1][0], wished), [*spans[-1][1], item])
        else:
            spans.append((wished, [item]))
    for wished, sources in spans:
        made = replace(wished, seat=_free(wished, there, seats))
        yield Moved(sources[0], made.id, made)
        yield from (Moved(source, made.id) for source in sources[1:])


def _from(item: Held, now: datetime) -> Held:
    return replace(item, start=max(item.start, now))


def _free(wished: Held, there: list[Held], seats: int) -> int:
    taken = {each.seat for each in there if _overlap(each, wished)}
    return next((seat for seat in range(1, seats + 1) if seat not in taken), 0)


def _joined(one: Held, other: Held) -> Held:
    ends = None if one.end is None or other.end is None else max(one.end, other.end)
    kind = "substantive" if "substantive" in {one.kind, other.kind} else one.kind
    return replace(one, end=ends, kind=kind)


def _overlap(one: Held, other: Held) -> bool:
    return (one.end is None or other.start < one.end) and (
        other.end is None or one.start < other.end
    )


def _touches(one: Held, other: Held) -> bool:
    return one.end is None or other.start <= one.end


def _covers(one: Held, other: Held) -> bool:
    ends = one.end is None or (other.end is not None and other.end <= one.end)
    return one.start <= other.start and ends
