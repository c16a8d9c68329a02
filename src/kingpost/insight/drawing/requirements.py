"""The picture of what a rule needs and who needs it: fields and rules in, steps and rules out."""

from collections.abc import Iterator

from kingpost.insight.diagram import Edge, Node
from kingpost.insight.drawing.letters import wrapped
from kingpost.insight.drawing.picture import NOTE, PADDING, TITLE, Picture, height_of
from kingpost.insight.drawing.process import WIDTH, Lettered, placed
from kingpost.insight.process_map import lay_out
from kingpost.model.parts.classes import title_of
from kingpost.model.parts.links import Links, kind_of

_READ = frozenset(("field", "rule"))


def requirements_picture(links: Links, rule: str) -> Picture:
    """Return the requirement graph of a rule.

    Source: OMG DMN 1.5, clause 6, decision requirement diagrams.
    """
    edges = dict.fromkeys(_needs(links, rule, {rule}))
    edges.update(dict.fromkeys(_users(links, rule)))
    names = dict.fromkeys((*(name for edge in edges for name in edge), rule))
    lettered = {name: _lettered(links, name, rule) for name in names}
    layout = lay_out(
        [one.node for one in lettered.values()],
        [Edge(f"{source}->{target}", source, target) for source, target in edges],
    )
    title = title_of(links.parts[rule].value)
    told = "; ".join(f"{target} needs {source}" for source, target in edges)
    return placed(f"What {title} needs", f"{told}.", layout, lettered)


def _needs(links: Links, rule: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what a rule reads, and what the rules that it reads do, each as (source, target)."""
    for inside in (rule, *links.inside(rule)):
        for link in links.of(inside):
            if link.relation.says != "reads" or kind_of(link.target) not in _READ:
                continue
            yield link.target, rule
            if kind_of(link.target) == "rule" and link.target not in seen:
                seen.add(link.target)
                yield from _needs(links, link.target, seen)


def _users(links: Links, rule: str) -> Iterator[tuple[str, str]]:
    for inside in (rule, *links.inside(rule)):
        for link in links.of(inside):
            if link.relation.says == "answers":
                yield rule, link.target
    for link in links.to(rule):
        if kind_of(link.source) in {"step", "rule"}:
            yield rule, link.source


def _lettered(links: Links, part: str, rule: str) -> Lettered:
    room = WIDTH - 2 * PADDING - 4
    known = links.parts.get(part)
    lines = wrapped((title_of(known.value) if known else "") or part, TITLE, room)
    notes = wrapped(kind_of(part), NOTE, room)
    node = Node(part, "step", WIDTH, height_of(len(lines), len(notes)))
    return Lettered(node, lines, notes, "chosen" if part == rule else kind_of(part), part)
