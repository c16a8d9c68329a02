"""The compiling of one text: what it may read, how strictly it is judged, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kingpost.expressions import (
    AnyType,
    Compiled,
    Problem,
    Scope,
    Type,
    Value,
    compile_expression,
    compile_leniently,
    compile_test,
)
from kingpost.expressions.tree import Constant, Member, Name, Node
from kingpost.expressions.value import FailureError
from kingpost.rules.logic import Spot, Text
from kingpost.rules.session import Remark, Session, Site, Values, Work
from kingpost.rules.shapes import ANY, UNSHAPED, Shape, Shapes, conform, plain_shape


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of logic that can be evaluated.

    type:  what it yields, as far as can be told before; any value may be null.
    reads: the dotted paths that it may read; None where that is not known.
    fixed: its value, in a tuple of one, when it is always the same plain value.
    """

    work: Work
    type: Type
    reads: frozenset[str] | None = None
    fixed: tuple[Value] | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What the texts of a piece of logic may read, and how they are judged.

    strict: a misfit of types is a fault; otherwise it is null when it is evaluated.
    faults: what is wrong so far; shared by all the settings of one compilation.
    """

    scope: Scope
    shapes: Shapes
    strict: bool
    site: Site
    faults: list[Remark] = field(default_factory=list[Remark])

    def inside(self, name: str, at: Spot, names: Mapping[str, Type] | None = None) -> "Setting":
        """Return the setting of a part, which may read more names."""
        site = self.site.inside(name, at)
        if site is self.site and not names:
            return self
        scope = {**self.scope, **names} if names else self.scope
        return Setting(scope, self.shapes, self.strict, site, self.faults)

    def fault(self, message: str, help_: str, at: Spot | None = None) -> None:
        """Note what is wrong here."""
        self.faults.append(Remark(self.site.inside("", at or self.site.at), message, help_))

    def shape(self, name: str) -> Shape:
        """Return the shape of a type's name; an unknown one is a fault."""
        if not name:
            return UNSHAPED
        found = self.shapes.get(name) or plain_shape(name)
        if found is None:
            self.fault(f"there is no type `{name}`", "Name a type that is declared.")
        return found or UNSHAPED

    def types(self) -> Scope:
        """Return what the names of types stand for."""
        return {name: shape.type for name, shape in self.shapes.items()} if self.shapes else {}


def nothing(_session: Session, _values: Values) -> Value:
    """Yield null, as a part that is left out does."""
    return None


EMPTY = Part(nothing, ANY, frozenset(), (None,))


def fixed(value: Value, kind: Type) -> Part:
    """Return a part that always has the same plain value."""
    return Part(lambda _session, _values: value, kind, frozenset(), (value,))


def compile_text(setting: Setting, text: Text) -> Part:
    """Compile a piece of FEEL; empty text yields null, and so does what cannot be read."""
    inner = setting.inside("", text.at)
    if not is_feel(text.language):
        return _failing(inner, *_foreign(text))
    if not text.text.strip():
        return EMPTY
    compiled = _compiled(inner, text)
    if isinstance(compiled, tuple):
        return unread(inner, compiled)
    return evaluating(compiled, inner.site)


def _foreign(text: Text) -> tuple[str, str]:
    """Return what is wrong with a text that is not FEEL, and what to do."""
    return f"the language `{text.language}` is not run here", "Write it in FEEL."


def is_feel(language: str) -> bool:
    """Tell whether the name or the address of a language means FEEL."""
    return not language or "feel" in language.lower()


def _compiled(setting: Setting, text: Text) -> Compiled | tuple[Problem, ...]:
    if setting.strict:
        return compile_expression(text.text, setting.scope, None, setting.types())
    return compile_leniently(text.text, setting.scope, setting.types())


def unread(setting: Setting, problems: tuple[Problem, ...]) -> Part:
    """Note the problems of a text that cannot be read; its value is null."""
    for one in problems:
        setting.faults.append(Remark(setting.site, one.message, one.help, one.offset, one.length))
    return failing(setting.site, problems[0].message)


def _failing(setting: Setting, message: str, help_: str) -> Part:
    setting.fault(message, help_)
    return failing(setting.site, message)


def failing(site: Site, message: str) -> Part:
    """Return a part that is null and says why."""

    def work(session: Session, _values: Values) -> Value:
        session.remark(site, message)
        return None

    return Part(work, ANY)


def evaluating(compiled: Compiled, site: Site) -> Part:
    """Return a part that evaluates an expression."""
    tree = compiled.tree
    if isinstance(tree, Constant):
        return fixed(tree.value, compiled.type)
    within = compiled.within

    def work(session: Session, values: Values) -> Value:
        value, problems = within(session.run, values)
        if problems:
            session.take(site, problems)
        return value

    return Part(_read_directly(tree, work), compiled.type, compiled.reads)


def _read_directly(tree: Node, work: Work) -> Work:
    """Return the work of an expression that only names a value or its member, as most inputs do."""
    match tree:
        case Name(name=name):

            def read(session: Session, values: Values) -> Value:
                return values[name] if name in values else work(session, values)

            return read
        case Member(base=Name(name=owner), name=name):

            def read_member(session: Session, values: Values) -> Value:
                group = values.get(owner)
                if isinstance(group, dict) and name in group:
                    return group[name]
                return work(session, values)

            return read_member
        case _:
            return work


def compile_cell(setting: Setting, text: Text, subject: Type) -> Compiled | None:
    """Compile one test of a table; None when it cannot be read, and the fault is noted."""
    if not is_feel(text.language):
        _failing(setting.inside("", text.at), *_foreign(text))
        return None
    found = compile_test(
        text.text or "-", subject, setting.scope, setting.types(), strict=setting.strict
    )
    if isinstance(found, Compiled):
        return found
    unread(setting.inside("", text.at), found)
    return None


def typed(setting: Setting, name: str, part: Part) -> Part:
    """Return a part whose value conforms to a named type; what does not conform is null."""
    return shaped(setting.site, setting.shape(name), part) if name else part


def shaped(site: Site, shape: Shape, part: Part) -> Part:
    """Return a part whose value conforms to a shape; what does not conform is null."""
    if isinstance(shape.type, AnyType) and not shape.constrained():
        return part
    inner = part.work

    def work(session: Session, values: Values) -> Value:
        value = inner(session, values)
        return None if value is None else conforming(session, site, value, shape)

    return Part(work, shape.type, part.reads)


def conforming(session: Session, site: Site, value: Value, shape: Shape) -> Value:
    """Return a value as its shape asks, or null with a remark."""
    try:
        return conform(session.run, value, shape)
    except FailureError as error:
        session.remark(site, str(error))
        return None
