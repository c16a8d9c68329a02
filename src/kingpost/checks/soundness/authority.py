"""Authority: under which conditions somebody, or enough people together, may take an outcome."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from kingpost.model.model import Model
from kingpost.model.objects import FieldType
from kingpost.model.organisation import Grant, Post
from kingpost.model.workflow import Addressee, Decision, Workflow

# By the outcome, the conditions under which it may be taken; None stands for any record.
Rights = Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may take the outcomes of decisions.

    carriers: the posts that carry each role, in the order of their ids.
    granted:  by (workflow, step) the posts with a grant, and by outcome its conditions.
    """

    model: Model
    carriers: Mapping[str, tuple[str, ...]]
    granted: Mapping[tuple[str, str], Mapping[str, Rights]]

    def rights(self, workflow: Workflow, step: Decision, *, varies: bool) -> tuple[Rights, ...]:
        """Return the rights in reach for each post to which a decision may be addressed.

        varies: whether the field that it is addressed by may come to hold a post.
        """
        granted = self.granted.get((workflow.id, step.id), {})
        # That a post has a grant without the role is reported by itself.
        odd = granted.keys() - set(self.carriers.get(step.role, ()))
        found: dict[frozenset[str], None] = {}
        for post in self._addressed(step.to, step.role, varies=varies):
            reach = set(self._reach(step.role, post)) | odd
            found[frozenset(reach & granted.keys())] = None
        together = step.quorum and step.quorum.needed > 1
        merged = _merged if not together else partial(self._agreed, step)
        return tuple(merged({post: granted[post] for post in sorted(posts)}) for posts in found)

    def _agreed(self, step: Decision, posts: Mapping[str, Rights]) -> Rights:
        """Return for each outcome under which conditions enough people may take it together."""
        found: dict[str, tuple[str | None, ...]] = {}
        for outcome in step.outcomes:
            seats: dict[str | None, int] = {}
            for post, rights in posts.items():
                if outcome.id in rights:
                    limit = _either(rights[outcome.id])
                    seats[limit] = seats.get(limit, 0) + self.model.posts[post].seats
            found[outcome.id] = tuple(_together(seats, step.needs(outcome.id)))
        return found

    def ungranted(self, workflow: Workflow, step: Decision) -> frozenset[str]:
        """Return the outcomes that no post, or too few seats, may take; that is told by itself."""
        granted = self.granted.get((workflow.id, step.id), {})
        seats: dict[str, int] = {}
        for post, rights in granted.items():
            for outcome in rights:
                seats[outcome] = seats.get(outcome, 0) + self.model.posts[post].seats
        return frozenset(
            outcome.id
            for outcome in step.outcomes
            if seats.get(outcome.id, 0) < step.needs(outcome.id)
        )

    def _addressed(self, to: Addressee, role: str, *, varies: bool) -> Iterator[str | None]:
        carriers = self.carriers.get(role, ())
        yield to.post if to.post in carriers else None
        if to.field is not None and varies:
            yield from carriers

    def _reach(self, role: str, post: str | None) -> Iterable[str]:
        carriers = self.carriers.get(role, ())
        if post is None:
            return carriers
        return (name for name in (post, *self.model.superiors(post)) if name in carriers)


def _merged(posts: Mapping[str, Rights]) -> Rights:
    found: dict[str, list[str | None]] = {}
    for rights in posts.values():
        for outcome, conditions in rights.items():
            found.setdefault(outcome, []).extend(conditions)
    # Where somebody may take an outcome for any record, the limits of others make no difference.
    return {
        outcome: (None,) if None in texts else tuple(dict.fromkeys(texts))
        for outcome, texts in found.items()
    }


def _either(conditions: tuple[str | None, ...]) -> str | None:
    """Return the condition under which one of several grants of a post holds."""
    texts = [text for text in conditions if text is not None]
    return " or ".join(f"({text})" for text in texts) if len(texts) == len(conditions) else None


def _together(seats: Mapping[str | None, int], needed: int) -> Iterator[str | None]:
    """Yield the conditions under which people in enough seats may agree.

    seats: by the condition of those who sit there.
    """
    always = seats.get(None, 0)
    limited = [text for text in seats if text is not None]
    tried: list[frozenset[str]] = []
    for count in range(len(limited) + 1):
        for some in combinations(limited, count):
            enough = always + sum(seats[text] for text in some) >= needed
            # What needs more conditions than another is no way of its own.
            if enough and not any(fewer <= set(some) for fewer in tried):
                tried.append(frozenset(some))
                yield " and ".join(f"({text})" for text in some) or None


def read_authority(model: Model) -> Authority:
    """Return who may take the outcomes of decisions, looked up once for a whole model."""
    carriers: dict[str, list[str]] = {}
    granted: dict[tuple[str, str], dict[str, dict[str, list[str | None]]]] = {}
    for post in sorted(model.posts.values(), key=_by_id):
        for role in post.roles:
            carriers.setdefault(role, []).append(post.id)
        for grant in post.authority:
            rights = granted.setdefault((grant.workflow, grant.step), {}).setdefault(post.id, {})
            for outcome in grant.outcomes:
                rights.setdefault(outcome, []).append(_limit(model, grant))
    return Authority(
        model,
        {role: tuple(posts) for role, posts in carriers.items()},
        {
            decision: {
                post: {outcome: tuple(texts) for outcome, texts in rights.items()}
                for post, rights in posts.items()
            }
            for decision, posts in granted.items()
        },
    )


def _limit(model: Model, grant: Grant) -> str | None:
    """Return the condition of a grant for one case: no period has room for more than all of it."""
    allowance, workflow = grant.allowance, model.workflows.get(grant.workflow)
    item = model.objects.get(workflow.object) if workflow else None
    field = item.field(allowance.of) if item and allowance else None
    if allowance is None or item is None or field is None:
        return grant.when
    if field.type is not FieldType.MONEY or field.currency != allowance.currency:
        # What cannot be added up is told by itself.
        return grant.when
    room = f"{item.id}.{field.id} <= {allowance.at_most:f}"
    return room if grant.when is None else f"({grant.when}) and {room}"


def _by_id(post: Post) -> str:
    return post.id
