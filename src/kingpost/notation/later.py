"""What can be written and is not carried out yet: told by name at each use, never ignored.

Its references and its expressions are checked like all others; a model that uses it may be checked
and drawn, and does not take effect. What is written in a wrong form is told as not carried out, and
the model is made without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Later:
    """Something that Kingpost cannot do yet.

    why:       what it does so far, a clause.
    meanwhile: what to write instead, a sentence that begins with a verb.
    brings:    whether other properties stand beside it that only it has; none of them is known yet.
    """

    why: str
    meanwhile: str
    brings: bool = False

    def message(self, name: str) -> str:
        """Return the words of the finding about a use of it."""
        return f"`{name}` is not carried out yet: {self.why}"


NO_PERIODS = Later(
    "evidence speaks for the case in which it is made",
    "Leave it out; begin a case for each period by hand.",
)

_NO_VIEWS = Later(
    "every role is shown the same pages",
    "Leave it out; `shows` of a decision says what is laid before a person.",
    brings=True,
)

# Sections that one may expect; the part is written elsewhere when it comes.
SECTIONS: Mapping[str, Later] = MappingProxyType({"views": _NO_VIEWS})

# By `form.property`, or by the name alone when it means the same everywhere.
PROPERTIES: Mapping[str, Later] = MappingProxyType(
    {
        "metric.group-by": Later(
            "a metric is one number", "Write a metric for each group, with `where`."
        ),
        "field.retain": Later(
            "values are kept as long as their case",
            "Leave it out; erase what is personal when its time is over.",
        ),
        "beginning.schedule": Later(
            "no case begins by itself",
            "Name in `interfaces` a system that begins the cases on time.",
        ),
        "obligation.every": NO_PERIODS,
        "obligation.starts": NO_PERIODS,
        "obligation.corrective": Later(
            "a failed obligation is shown as failed, and begins nothing",
            "Leave it out; begin the corrective case by hand.",
        ),
        "evidence.fresh": NO_PERIODS,
    }
)

# Words of closed sets: each use is told.
FIELD_TYPES: Mapping[str, Later] = MappingProxyType(
    {
        "reference": Later(
            "nothing finds the other record",
            "Write `type: text`, and record the number of its case.",
            brings=True,
        )
    }
)
FIELD_CLASSES: Mapping[str, Later] = MappingProxyType(
    {"public": Later("nothing is shown to people outside", "Write `internal`.")}
)
INTERFACE_KINDS: Mapping[str, Later] = MappingProxyType({"view": _NO_VIEWS})
POPULATIONS: Mapping[str, Later] = MappingProxyType(
    {"object/": Later("cases are counted, not records", "Count the cases of its workflow.")}
)
