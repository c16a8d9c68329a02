"""What people gain and lose by a change of the organisation, and what it brings together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from kingpost.decisions.restructuring.facts import Held
from kingpost.model.model import Model
from kingpost.model.restructuring.heirs import WHOLE, Heirs, role_after


@dataclass(frozen=True, slots=True)
class Affected:
    """Somebody who comes to another seat. before, after: the posts held.

    gained, lost: roles as `role/id`, and outcomes as `workflow/step/outcome`, with the condition.
    together: roles that exclude each other and that the person did not have both before.
    """

    person: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    together: tuple[tuple[str, str], ...]

    @property
    def is_without(self) -> bool:
        """Tell whether the person is left without a post."""
        return not self.after


def affected(
    before: Model, after: Model, held: tuple[Iterable[Held], Iterable[Held]], heirs: Heirs
) -> Iterator[Affected]:
    """Yield everybody whose posts are others afterwards. held: before and afterwards."""
    then, now = (_by_person(each) for each in held)
    acts_for: dict[str, set[str]] = defaultdict(set)
    for item in heirs:
        if item.role != WHOLE:
            acts_for[item.heir].add(item.called)
    for person in sorted({*then, *now}):
        old, new = then.get(person, ()), now.get(person, ())
        if old == new:
            continue
        could, can = _may(before, old, after), _may(after, new)
        roles = {role for post in new for role in acts_for.get(post, ())}
        had = {name.removeprefix("role/") for name in could if name.startswith("role/")}
        has = {name.removeprefix("role/") for name in can if name.startswith("role/")} | roles
        together = tuple(pair for pair in _excluding(after, has) if not {*pair} <= had)
        yield Affected(
            person, old, new, tuple(sorted(can - could)), tuple(sorted(could - can)), together
        )


def _by_person(held: Iterable[Held]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in held:
        found[item.person].add(item.post)
    return {person: tuple(sorted(posts)) for person, posts in found.items()}


def _may(model: Model, posts: Iterable[str], after: Model | None = None) -> set[str]:
    """Return what some posts may do together. after: the model whose names roles are told by."""
    found = set[str]()
    for name in posts:
        post = model.posts.get(name)
        if post is None:
            continue
        for role in post.roles:
            found.add(f"role/{role_after(model, after, role) if after else role}")
        for grant in post.authority:
            when = f" when {grant.when}" if grant.when else ""
            most = grant.allowance
            bound = f" up to {most.at_most} {most.currency} a {most.per.value}" if most else ""
            found |= {
                f"{grant.workflow}/{grant.step}/{outcome}{when}{bound}"
                for outcome in grant.outcomes
            }
    return found


def _excluding(model: Model, roles: set[str]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(sorted(roles & model.roles.keys()), 2):
        if (
            other in model.roles[one].incompatible_with
            or one in model.roles[other].incompatible_with
        ):
            yield one, other
