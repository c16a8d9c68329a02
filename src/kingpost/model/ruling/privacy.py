"""Which inputs of rules say something personal, themselves or through a rule that they name."""

from collections.abc import Iterable, Mapping

from kingpost.expressions import Compiled, compile_expression
from kingpost.model.model import Model
from kingpost.model.objects import BusinessObject, FieldClass
from kingpost.model.rules import Rule
from kingpost.model.ruling.typing import Rules

PERSONAL = frozenset({FieldClass.PERSONAL, FieldClass.SENSITIVE})


def personal_fields(item: BusinessObject) -> frozenset[str]:
    """Return the fields whose values stand in events as commitments only."""
    return frozenset(field.id for field in item.fields if field.privacy in PERSONAL)


def personal_inputs(rules: Rules) -> Mapping[str, frozenset[str]]:
    """Return for each rule the inputs whose values are personal; it is left out when none is."""
    hidden = _hidden(rules.model)
    found: dict[str, frozenset[str]] = {}
    for name in rules.order:
        rule = rules.model.rules[name]
        secret = {*hidden, *found}
        inputs = {key for key, reads in _reads(rules, rule) if any(map(secret.__contains__, reads))}
        if inputs:
            found[name] = frozenset(inputs)
    return found


def _hidden(model: Model) -> set[str]:
    """Return the paths below which something personal is found, the fields themselves included."""
    paths: set[str] = set()
    for item in model.objects.values():
        for field in personal_fields(item):
            parts = (item.id, *field.split("."))
            paths.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return paths


def _reads(rules: Rules, rule: Rule) -> Iterable[tuple[str, frozenset[str]]]:
    """Yield what an explanation shows of a rule's inputs, each with the paths that it reads."""
    scope = rules.typed[rule.id].scope
    if rule.rows:
        for one in rule.inputs:
            compiled = compile_expression(one.expression, scope)
            if isinstance(compiled, Compiled):
                yield one.id, compiled.reads
    else:
        for path in reads_of(rules, rule):
            yield path, frozenset({path})


def paths_of(rules: Rules, name: str) -> frozenset[str]:
    """Return the paths that a rule reads, itself or through those that it needs."""
    needed = (rule for rule in rules.with_needs(name) if rule.id in rules.typed)
    return frozenset(path for rule in needed for _, paths in _reads(rules, rule) for path in paths)


def reads_of(rules: Rules, rule: Rule) -> tuple[str, ...]:
    """Return the paths that a rule reads which is no table."""
    scope, own = rules.typed[rule.id].scope, {entry.id for entry in rule.entries}
    texts = [entry.expression for entry in rule.entries]
    if rule.value is not None:
        texts.append(rule.value)
    found: set[str] = set()
    for text in texts:
        compiled = compile_expression(text, scope)
        if isinstance(compiled, Compiled):
            found |= {path for path in compiled.reads if path.partition(".")[0] not in own}
    called = {name for name in rules.needs[rule.id] if rules.model.rules[name].is_called}
    return tuple(sorted(found - called))
