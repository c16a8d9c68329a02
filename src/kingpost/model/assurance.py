"""What must be proven and who may change what: frameworks, obligations, governance."""

from dataclasses import dataclass

from kingpost.values.span import Span


@dataclass(frozen=True, slots=True)
class Framework:
    """A standard or law. edition: which one is meant."""

    id: str
    title: str
    edition: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an obligation met in a case.

    made_by: the steps, as (workflow, step), whose completion makes it.
    holds:   fields that must be filled by then.
    """

    made_by: tuple[tuple[str, str], ...]
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty from one clause of a framework.

    applies: expression over the record, judged when the evidence is made or is overdue; None
             for every case.
    within:  the time from the start of the case in which the evidence must be made, or None.
    Source:  OASIS LegalRuleML, for obligation.
    """

    id: str
    title: str
    framework: str
    clause: str
    owner: str
    evidence: Evidence
    applies: str | None = None
    within: Span | None = None


@dataclass(frozen=True, slots=True)
class Governance:
    """Who keeps a part of the model.

    part: a pattern over addresses, such as `rule/*`; the first entry that matches counts.
    """

    part: str
    custodian: str
