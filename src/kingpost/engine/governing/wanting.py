"""What a change lacks before it may take effect, told in words, with who could give it."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from psycopg import Connection
from psycopg.rows import DictRow

from kingpost.decisions.commands import AGENT
from kingpost.decisions.consenting.proposal import Answer
from kingpost.decisions.consenting.tally import Lacking, Wanted, lacking
from kingpost.model.custody import approvals_asked, reached_otherwise
from kingpost.model.model import Model
from kingpost.planning.keeping import keepers
from kingpost.store.reading import people

_SHOWN_MAX = 10
_PARTS_MAX = 3
_NAMES_MAX = 3


def wanted_for(before: Model, after: Model, reached: Collection[str]) -> Wanted:
    """Return who must agree to a change, as the governance of the version before says.

    reached: the workflows of which the change says how their cases go over.
    """
    kept = keepers(before, after, {*reached, *reached_otherwise(before, after)})
    parts = {part for each in kept.values() for part in each}
    return Wanted(kept, approvals_asked(before, parts, after))


def lacking_words(
    connection: Connection[DictRow],
    wanted: Wanted,
    answers: Sequence[Answer] = (),
    barred: Mapping[str, str] | None = None,
) -> list[str]:
    """Return what is missing besides the consent of who keeps the parts, a line each.

    barred: who approves nothing here, each with why, a clause such as `who proposed it`.
    """
    barred = barred or {}
    missing = lacking(wanted, answers, barred)
    if not missing:
        return []
    holders = _holders(connection)
    lines = [_line(each, holders, barred) for each in missing[:_SHOWN_MAX]]
    more = len(missing) - len(lines)
    return [*lines, *([f"  and {more} more"] if more else [])]


def _line(
    each: Lacking, holders: Mapping[str, list[tuple[str, str]]], barred: Mapping[str, str]
) -> str:
    parts = ", ".join(f"`{part}`" for part in each.asked.parts[:_PARTS_MAX])
    more = len(each.asked.parts) - _PARTS_MAX
    told = parts + (f" and {more} more" if more > 0 else "")
    posts = ", ".join(_post(post, holders.get(post, []), barred) for post in each.left)
    number = "the approval" if each.number == 1 else f"{each.number} approvals"
    by = "of" if len(each.left) == 1 else "of one of" if each.number == 1 else "of"
    return f"  {told}: {number} {by} {posts}"


def _post(post: str, holders: Iterable[tuple[str, str]], barred: Mapping[str, str]) -> str:
    """Return a post with who could approve in it, or why nobody can."""
    every = list(holders)
    may = [name for person, name in every if person not in barred]
    if may:
        more = len(may) - _NAMES_MAX
        told = ", ".join(may[:_NAMES_MAX]) + (f" and {more} more" if more > 0 else "")
        return f"`{post}` ({told})"
    if every:
        person, name = every[0]
        return f"`{post}` ({name} holds it, {barred[person]})"
    return f"`{post}` (nobody holds it now)"


def _holders(connection: Connection[DictRow]) -> dict[str, list[tuple[str, str]]]:
    """Return who holds each post now and is there, as id and name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in people.holders(connection, people.clock(connection)):
        if row["kind"] != AGENT and not row["absent"]:
            found.setdefault(row["post"], []).append((row["person"], row["name"]))
    return found
