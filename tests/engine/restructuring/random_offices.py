"""Random organisations of the test's company, and random changes of them, with their own books.

What becomes of a post is kept here as it was done, and is read from no model: so it can say who
must be able to do what afterwards, beside what the engine makes of `was` and the like.
"""

from dataclasses import dataclass, field
from random import Random  # noqa: TID251 - what is drawn can be drawn again.
from typing import TypeAlias

from tests.engine.office import TEXT

_STAYS = 0.5
ROLES = ("clerk", "checker", "approver")
_STEPS = {"clerk": "{post: desk}", "checker": "{post: check}", "approver": "{post: lead}"}


@dataclass
class Post:
    """A post of a random organisation. says: what it says of those before it."""

    roles: set[str]
    seats: int = 30
    says: str = ""


@dataclass
class Organisation:
    """Posts by name, whom each step is addressed to, and who acts for the posts of before.

    acts: by post that ever was, the post that acts for it in all, and those that do for a role.
    """

    posts: dict[str, Post]
    addressed: dict[str, str | None]
    acts: dict[str, list[tuple[str, str | None]]] = field(
        default_factory=dict[str, list[tuple[str, str | None]]]
    )
    made: int = 0

    def text(self) -> str:
        """Return the company as a text."""
        head, _, rest = TEXT.partition("posts:\n")
        tail = rest[rest.index("interfaces:\n") :]
        for role, step in _STEPS.items():
            post = self.addressed[role]
            tail = (
                tail.replace(f"to: {step}\n", f"to: {{post: {post}}}\n")
                if post
                else "\n".join(line for line in tail.split("\n") if f"to: {step}" not in line)
            )
        top = "  head: {title: Head, unit: claims, roles: [], seats: 9, vacancy: holds}\n"
        every = "".join(self._post(name, post) for name, post in self.posts.items())
        return f"{head.replace('owner: lead', 'owner: head')}posts:\n{top}{every}{tail}".replace(
            "custodian: lead", "custodian: head"
        )

    def _post(self, name: str, post: Post) -> str:
        grants = list[str]()
        if "checker" in post.roles:
            grants.append("{decide: claim/suspect, outcomes: [clear, again]}")
        if "approver" in post.roles:
            grants.append("{decide: claim/approve, outcomes: [approve, reject]}")
        roles = ", ".join(sorted(post.roles))
        return (
            f"  {name}: {{title: {name}, {post.says}unit: claims, reports-to: head,"
            f" roles: [{roles}], seats: {post.seats}, vacancy: {{falls-to: superior}},"
            f" authority: [{', '.join(grants)}]}}\n"
        )

    def who_acts(self, post: str, role: str) -> set[str]:
        """Return the posts that act now for a post of some version, in a role."""
        every = self.acts.get(post, [(post, None)])
        return {name for name, part in every if part in {None, role}}


# To which post holders come; who acts for a post in all; and who for a role of it.
Books: TypeAlias = tuple[dict[str, str | None], dict[str, str], dict[str, list[tuple[str, str]]]]


def some_organisation(random: Random) -> Organisation:
    """Return an organisation in which some post carries each role."""
    posts = {f"p{number}": Post(set()) for number in range(random.randint(3, 5))}
    for role in ROLES:
        for name in random.sample(sorted(posts), random.randint(1, 2)):
            posts[name].roles.add(role)
    found = Organisation(posts, dict.fromkeys(ROLES), made=len(posts))
    _address(random, found)
    return found


def _address(random: Random, found: Organisation) -> None:
    for role in ROLES:
        able = sorted(name for name, post in found.posts.items() if role in post.roles)
        found.addressed[role] = random.choice([*able, None])


def reorganised(random: Random, before: Organisation) -> tuple[Organisation, dict[str, str | None]]:
    """Return another organisation, and to which post the holders of each come; None for none."""
    # What a file says of before may stay in it for as long as anybody likes.
    posts = {
        name: Post({*post.roles}, post.seats, post.says if random.random() < _STAYS else "")
        for name, post in before.posts.items()
    }
    after = Organisation(posts, dict(before.addressed), made=before.made)
    goes: dict[str, str | None] = {name: name for name in posts}
    main = {name: name for name in posts}
    parts: dict[str, list[tuple[str, str]]] = {}
    free = sorted(posts)
    random.shuffle(free)
    for _ in range(random.randint(1, 2)):
        if len(free) >= 2:
            random.choice((_rename, _merge, _abolish, _split))(
                random, after, free, (goes, main, parts)
            )
    every = {name: before.acts.get(name, [(name, None)]) for name in {*before.posts, *before.acts}}
    for name, acting in every.items():
        found: dict[tuple[str, str | None], None] = {}
        for post, role in acting:
            found[main.get(post, post), role] = None
            for part, taken in parts.get(post, []):
                if role in {None, taken}:
                    found[part, taken] = None
        after.acts[name] = list(found)
    for name in after.posts:
        # A name is never used again here, so that it means one post.
        after.acts.setdefault(name, [(name, None)])
    _address(random, after)
    return after, goes


def _new(after: Organisation) -> str:
    after.made += 1
    return f"p{after.made - 1}"


def _rename(_random: Random, after: Organisation, free: list[str], books: Books) -> None:
    goes, main, _ = books
    old, new = free.pop(), _new(after)
    after.posts[new] = Post(after.posts.pop(old).roles, says=f"was: {old}, ")
    goes[old] = main[old] = new


def _merge(_random: Random, after: Organisation, free: list[str], books: Books) -> None:
    goes, main, _ = books
    one, other = free.pop(), free.pop()
    new, roles = _new(after), after.posts[one].roles | after.posts[other].roles
    del after.posts[one], after.posts[other]
    after.posts[new] = Post(roles, says=f"was: [{one}, {other}], ")
    for old in (one, other):
        goes[old] = main[old] = new


def _abolish(_random: Random, after: Organisation, free: list[str], books: Books) -> None:
    goes, main, _ = books
    old, heir = free.pop(), free.pop()
    after.posts[heir] = Post(
        after.posts[heir].roles | after.posts.pop(old).roles, says=f"takes-over: [{old}], "
    )
    goes[old], main[old] = None, heir


def _split(random: Random, after: Organisation, free: list[str], books: Books) -> None:
    _, _, parts = books
    old = free.pop()
    roles = sorted(after.posts[old].roles)
    if len(roles) < 2:
        return
    taken, new = random.choice(roles), _new(after)
    after.posts[old] = Post(after.posts[old].roles - {taken})
    after.posts[new] = Post({taken}, says=f"split-from: {old}, ")
    parts[old] = [(new, taken)]
