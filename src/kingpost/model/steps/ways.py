"""Where a step goes, in which time, and to whom its work is addressed."""

from dataclasses import dataclass

from kingpost.values.span import Span


@dataclass(frozen=True, slots=True)
class Route:
    """One way on from a step.

    when: expression over the record; None for the `else`, or for the only way.
    go:   a step of the same block, or `done` to leave a branch.
    """

    go: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """How long a step may take, counted from entering it.

    span:   one length for every record; None when it depends on a field.
    field:  a choice field of the object, whose value picks the length.
    spans:  the length for each value of the field, in the order of its choices.
    warn:   the part of the length, in percent, after which it is near; None for the usual one.
    """

    span: Span | None = None
    field: str | None = None
    spans: tuple[tuple[str, Span], ...] = ()
    warn: int | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """The post to which a step's work is addressed.

    post:  a fixed post, or the fallback when the field is empty; None for any post of the role.
    field: a field of type post on the object, or None.
    """

    post: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of an escalation ladder: who is told, and when.

    after: a length of time beyond the due time; None for the due time itself.
    to:    `superior`, a post, or `authority`: the nearest post above that may take some outcome.
    """

    to: str
    after: Span | None = None
