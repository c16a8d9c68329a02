"""A plan in Markdown, for a comment on a merge request."""

import re
from collections.abc import Iterable, Iterator, Sequence

from kingpost.cli.columns import count
from kingpost.cli.commands.changing.telling import Count
from kingpost.decisions.consenting.tally import Wanted
from kingpost.engine.carrying.answers import Past
from kingpost.planning.difference import Difference, by_element

# Of each list, so that a comment is read.
_LINES_MAX = 50
_SPECIAL = re.compile(r"([\\*_{}\[\]()#+\-.!|~>])")


def differences_in_markdown(found: Iterable[Difference]) -> Iterator[str]:
    """Yield what is different, by element."""
    groups = by_element(found)
    yield "### What is different\n"
    if not groups:
        yield "Nothing."
    for element, items in list(groups.items())[:_LINES_MAX]:
        yield f"- `{element}`"
        yield from (f"  - {plain(item.sentence)}" for item in items)
    yield from _more(len(groups))


def becomes_in_markdown(counted: Sequence[Count]) -> Iterator[str]:
    """Yield what becomes of live cases."""
    yield "\n### What becomes of live cases\n"
    if not counted:
        yield "There are none on another version."
        return
    yield "| Workflow | What becomes of them | Cases |"
    yield "| --- | --- | ---: |"
    yield from (f"| `{each.workflow}` | {each.outcome} | {each.number:,} |" for each in counted)


def past_in_markdown(past: Past) -> Iterator[str]:
    """Yield what changed rules would have answered."""
    if not past.rules:
        return
    yield "\n### What changed rules would have answered\n"
    for each in past.rules[:_LINES_MAX]:
        asked = f"{count(each.asked, 'answer')} in {count(each.cases, 'case')}"
        where = f"`{each.rule}` at `{each.workflow}/{each.step}`"
        yield f"- {where}: {len(each.other):,} of {asked} would have come out otherwise"
    yield from _more(len(past.rules))


def agree_in_markdown(wanted: Wanted) -> Iterator[str]:
    """Yield who must agree."""
    yield "\n### Who must agree\n"
    for post, parts in wanted.keepers.items():
        listed = ", ".join(f"`{part}`" for part in parts[:_LINES_MAX])
        yield f"- {f'`{post}`' if post else 'nobody can: no post'} keeps {listed}"
    for each in wanted.asked:
        posts = ", ".join(f"`{post}`" for post in each.posts)
        parts = ", ".join(f"`{part}`" for part in each.parts[:_LINES_MAX])
        yield f"- {each.needed} of {len(each.posts)} must approve {parts}: {posts}"


def gates_in_markdown(number: int, failed: Sequence[str]) -> Iterator[str]:
    """Yield whether the scenarios pass."""
    yield "\n### Gates\n"
    if failed:
        names = ", ".join(f"`{name}`" for name in failed)
        yield f"- [ ] {count(number, 'scenario')}, {len(failed)} failed: {names}"
    elif number:
        yield f"- [x] {count(number, 'scenario')} passed"
    else:
        yield "- there are no scenarios"


def plain(text: str) -> str:
    """Return a text that means in Markdown just what it says; what stands in backquotes stays.

    It names nobody and shows no picture, whatever a title of the model says.
    """
    parts = text.split("`")
    told = (
        part if at % 2 and at < len(parts) - 1 else _plain(part) for at, part in enumerate(parts)
    )
    return "`".join(told) if len(parts) % 2 else _plain(text.replace("`", "'"))


def _plain(text: str) -> str:
    marked = _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))
    return marked.replace("@", "&#64;").replace("\n", " ")


def _more(number: int) -> Iterator[str]:
    if number > _LINES_MAX:
        yield f"- and {number - _LINES_MAX:,} more"
