"""Definitions as values: types, input data, decisions, knowledge, services, and what needs what.

Source: OMG DMN 1.5, clause 6 for the graph of requirements, 7.3.2 for item definitions.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from kingpost.rules.logic import (
    BARE,
    NOWHERE,
    FunctionDefinition,
    Head,
    Logic,
    Spot,
    Text,
    Variable,
)


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """The shape of a function. result: the name of a type, or empty."""

    parameters: tuple[Variable, ...]
    result: str = ""
    head: Head = BARE


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type by name. The name of the type that it refines stands in its head.

    components: the members of a group. function: the shape, when it is a function.
    collection: a list of what is said.
    allowed:    tests that each value, or each item of a collection, must pass.
    constraint: tests that the value as a whole must pass.
    """

    name: str
    components: tuple["ItemDefinition", ...] = ()
    function: FunctionItem | None = None
    collection: bool = False
    allowed: Text | None = None
    constraint: Text | None = None
    language: str = ""
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


class Need(StrEnum):
    """What kind of element a requirement names."""

    INPUT = "input"
    DECISION = "decision"
    KNOWLEDGE = "knowledge"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What an element needs. target: `#id`, or `namespace#id` of another model."""

    need: Need
    target: str
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that comes from outside."""

    name: str
    variable: Variable | None = None
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A value that is found by logic from what it requires.

    question, answers: in words, for people.
    """

    name: str
    logic: Logic | None = None
    variable: Variable | None = None
    requirements: tuple[Requirement, ...] = ()
    question: str = ""
    answers: str = ""
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    name: str
    logic: FunctionDefinition | None = None
    variable: Variable | None = None
    requirements: tuple[Requirement, ...] = ()
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: decisions offered as one function.

    Each target is written as in a requirement.
    outputs:   the decisions whose values it answers.
    encapsulated: the decisions that it takes to find them.
    decisions, data: what is given from outside, in the order of its parameters.
    """

    name: str
    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    variable: Variable | None = None
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """An authority for decisions, such as a law or a board. address: where it can be read."""

    name: str
    requirements: tuple[Requirement, ...] = ()
    type: str = ""
    owner: str = ""
    address: str = ""
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Import:
    """Another model whose elements may be named here. name: before the dot; may be empty."""

    name: str
    namespace: str
    kind: str = ""
    location: str = ""
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)


Element: TypeAlias = InputData | Decision | Knowledge | Service | Source


@dataclass(frozen=True, slots=True)
class Definitions:
    """One model of decisions. namespace: its address among models."""

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    types: tuple[ItemDefinition, ...] = ()
    elements: tuple[Element, ...] = ()
    language: str = ""
    type_language: str = ""
    exporter: str = ""
    exporter_version: str = ""
    head: Head = BARE
    at: Spot = field(default=NOWHERE, compare=False)
