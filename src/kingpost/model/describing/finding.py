"""Find the part of a model that somebody means."""

from difflib import get_close_matches

from kingpost.model.parts.links import Links

_OFFERED_MAX = 3
_SIMILARITY_MIN = 0.6


def find_part(links: Links, text: str) -> str | tuple[str, ...]:
    """Return the address meant, or the addresses that may be meant, the likeliest first.

    Besides whole addresses this takes `workflow/step` as models write it, `object.field` as
    conditions do, and the end of an address when one part alone ends so; a story must not stand in
    the way of what it is called by.
    """
    text = text.strip().strip("/")
    if text in links.parts:
        return text
    ending = tuple(part for part in links.parts if part.endswith(f"/{text}"))
    ending = tuple(part for part in ending if not part.startswith("scenario/")) or ending
    first, _, last = text.rpartition("/")
    item, _, field = text.partition(".")
    for part in (f"workflow/{first}/step/{last}", f"object/{item}/field/{field}"):
        if part in links.parts:
            return part
    if len(ending) == 1:
        return ending[0]
    return ending[:_OFFERED_MAX] or _like(links, text)


def _like(links: Links, text: str) -> tuple[str, ...]:
    """Return the addresses most like a text: its neighbours, else of its kind, else by name."""
    before, _, last = text.rpartition("/")
    kind = text.partition("/")[0]
    beside = {
        part.rpartition("/")[2]: part for part in links.parts if part.startswith(f"{before}/")
    }
    alike = {part: part for part in links.parts if part.partition("/")[0] == kind}
    by_name = {part.rpartition("/")[2]: part for part in reversed(list(links.parts))}
    for written, known in ((last, beside), (text, alike), (last, by_name)):
        found = get_close_matches(written, known, n=_OFFERED_MAX, cutoff=_SIMILARITY_MIN)
        if found:
            return tuple(known[name] for name in found)
    return ()
