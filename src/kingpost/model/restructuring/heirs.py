"""Who takes over the work of a post that is gone, or of which another one took a part.

An **heir** in the first place is the post itself while it is there, the one that it became by
`was`, or the one that `takes-over` its work. A post with `split-from` is an heir besides, of the
roles that it carries and the first heir does not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from kingpost.model.model import Model
from kingpost.model.organisation import Post

# What is nobody's role: to answer for a call that failed, to repair, to keep a part of the model.
WHOLE = ""


@dataclass(frozen=True, slots=True, order=True)
class Heir:
    """One role of a post of an earlier version, and the post that acts for it now.

    role:   as that post carried it; `WHOLE` for what no role does. called: what it is called now.
    first:  whether it is the heir in the first place, whose vacancy counts.
    """

    post: str
    role: str
    called: str
    heir: str
    first: bool


Heirs: TypeAlias = frozenset[Heir]
NOBODY: Heirs = frozenset()


def first_heir(before: Model, after: Model, post: str) -> str | None:
    """Return the post that one of a version is in the next, or None when none is said to be."""
    if post in after.posts:
        return post
    for new in after.posts.values():
        if post in new.were or post in new.takes_over:
            return new.id
    declared = before.posts.get(post)
    # A rename that is taken back: the version of before cannot say what it was called since.
    back = declared.were if declared is not None else ()
    return back[0] if len(back) == 1 and back[0] in after.posts.keys() - before.posts else None


def parts_of(before: Model, after: Model, post: str) -> tuple[Post, ...]:
    """Return the posts of a version that take a part of a post of the one before it."""
    return tuple(
        new
        for new in after.posts.values()
        if new.split_from == post
        and (new.id not in before.posts or before.posts[new.id].split_from != post)
    )


def role_after(before: Model, after: Model, role: str) -> str:
    """Return what a role of one version is called in the next."""
    if role in after.roles or role == WHOLE:
        return role
    found = (
        new.id for new in after.roles.values() if new.was == role and new.id not in before.roles
    )
    return next(found, role)


def heirs_after(before: Model, after: Model, known: Heirs = NOBODY) -> Heirs:
    """Return the heirs of all earlier posts when one version takes effect after another.

    known: the heirs while the version of before ran. What no heir is left of is not there.
    """
    own = (
        Heir(post.id, role, role, post.id, first=True)
        for post in before.posts.values()
        for role in (WHOLE, *post.roles)
    )
    moved = {each for item in (*own, *known) for each in _moved(before, after, item)}
    firsts = {_key(item) for item in moved if item.first}
    return frozenset(
        item
        for item in moved
        if (
            _is_told(after, item)
            if item.first
            else item.heir != item.post and not _has(after, item) and _key(item) not in firsts
        )
    )


def _key(item: Heir) -> tuple[str, str, str]:
    return (item.post, item.role, item.heir)


def _has(after: Model, item: Heir) -> bool:
    """Tell whether a post is there and carries the role: then nobody acts for it."""
    return item.post in after.posts and item.called in after.posts[item.post].roles


def _is_told(after: Model, item: Heir) -> bool:
    """Tell whether the post that acts for one in the first place has to be told.

    A post that is there, or there again, acts for itself, and no other does; told are the roles of
    earlier versions that it does not carry any more.
    """
    if item.post not in after.posts:
        return True
    is_itself = item.heir == item.post
    return is_itself and item.role != WHOLE and not _has(after, item)


def heirs_of(versions: Iterable[Model]) -> Heirs:
    """Return the heirs of all earlier posts in the last of some versions, given in their order."""
    found = NOBODY
    for before, after in pairwise(versions):
        found = heirs_after(before, after, found)
    return found


def _moved(before: Model, after: Model, item: Heir) -> Iterator[Heir]:
    called = role_after(before, after, item.called)
    first = first_heir(before, after, item.heir)
    if first is not None:
        yield Heir(item.post, item.role, called, first, item.first)
    if item.role == WHOLE or (first is not None and called in after.posts[first].roles):
        return
    for part in parts_of(before, after, item.heir):
        if called in part.roles:
            yield Heir(item.post, item.role, called, part.id, first=False)
