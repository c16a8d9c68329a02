"""Who acts for a post of an earlier version, worked out from the versions that took effect."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kingpost.model.model import Model

# By post and role, who acts for it: the first in the first place. The empty role is the whole.
Acting = dict[tuple[str, str], tuple[str, ...]]


def successor(old: Model, new: Model, post: str) -> str | None:
    """Return what a post of one version is in the one after it."""
    if post in new.posts:
        return post
    for name, each in new.posts.items():
        was = {each.was, *each.and_was, *each.takes_over} - {""}
        if post in was:
            return name
    gone = old.posts.get(post)
    if gone is None or not gone.was or gone.and_was:
        return None
    return gone.was if gone.was in new.posts and gone.was not in old.posts else None


def _renamed(old: Model, new: Model, role: str) -> str:
    if not role or role in new.roles:
        return role
    for name, each in new.roles.items():
        if each.was == role and name not in old.roles:
            return name
    return role


def _takers(old: Model, new: Model, post: str, role: str) -> Iterator[str]:
    """Yield the posts that take a role of a post with the new version."""
    for name, each in new.posts.items():
        fresh = name not in old.posts or old.posts[name].split_from != post
        if each.split_from == post and fresh and role in each.roles:
            yield name


def follow(versions: Sequence[Model], post: str, role: str) -> tuple[tuple[str, ...], str]:
    """Return who acts in the last version for a role of a post of the first one.

    The second answer is what the role is called there.
    """
    main: str | None = post
    others: dict[str, None] = {}
    for old, new in pairwise(versions):
        called = _renamed(old, new, role)
        came = list[str]()
        for each in (main, *others):
            if each is None:
                continue
            after = successor(old, new, each)
            keeps = after is not None and called in new.posts[after].roles
            came += [after] if after is not None and each is not main else []
            if called and not keeps:
                came += _takers(old, new, each, called)
        main = successor(old, new, main) if main is not None else None
        others = dict.fromkeys(name for name in came if name != main)
        role = called
    return tuple(name for name in (main, *others) if name is not None), role


def acting(versions: Sequence[Model]) -> Acting:
    """Return who acts in the last version for all posts of the ones before.

    A post that is there again under its own name acts for itself, besides those that took a part;
    it is named where it does not carry the role any more.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    last = versions[-1]
    for start in range(len(versions) - 1):
        for post in versions[start].posts.values():
            for role in ("", *post.roles):
                reached, called = follow(versions[start:], post.id, role)
                first = successor_of(versions[start:], post.id)
                there = last.posts.get(post.id)
                if there is not None and called in there.roles:
                    continue  # It is there and does it itself.
                for name in reached:
                    if name == post.id:
                        told = bool(first == name and role and there is not None)
                    else:
                        told = there is None or name != first
                    if told:
                        found.setdefault((post.id, role), {})[name] = None
    return {key: tuple(sorted(names)) for key, names in found.items()}


def successor_of(versions: Sequence[Model], post: str) -> str | None:
    """Return what a post of the first version is in the last one."""
    name: str | None = post
    for old, new in pairwise(versions):
        name = successor(old, new, name) if name is not None else None
    return name
