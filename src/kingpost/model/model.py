"""The execution model: one immutable value with everything a company declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kingpost.model.assurance import Framework, Governance, Obligation
from kingpost.model.intent import Metric, Objective, ValueStream
from kingpost.model.interfaces import Interface
from kingpost.model.objects import BusinessObject
from kingpost.model.organisation import Post, Role, Unit
from kingpost.model.rules import Rule
from kingpost.model.scenario import Scenario
from kingpost.model.workflow import Workflow
from kingpost.values.business_time import Calendar
from kingpost.values.diagnostic import Place


@dataclass(frozen=True, slots=True)
class Model:
    """What a company declares. Elements stand in mappings by id.

    zone:      the company's time zone, a name of the tz database.
    currency:  in which money is that names no other; empty for none.
    scenarios: what the company claims of the model. places: where each property was written, by
               `address` or `address#property.path`. Neither is part of the model's identity.
    """

    company: str
    zone: str
    calendars: Mapping[str, Calendar]
    objectives: Mapping[str, Objective]
    streams: Mapping[str, ValueStream]
    units: Mapping[str, Unit]
    roles: Mapping[str, Role]
    posts: Mapping[str, Post]
    objects: Mapping[str, BusinessObject]
    rules: Mapping[str, Rule]
    interfaces: Mapping[str, Interface]
    workflows: Mapping[str, Workflow]
    metrics: Mapping[str, Metric]
    frameworks: Mapping[str, Framework]
    obligations: Mapping[str, Obligation]
    governance: tuple[Governance, ...]
    currency: str = ""
    scenarios: Mapping[str, Scenario] = field(
        default_factory=dict[str, Scenario], compare=False, repr=False
    )
    places: Mapping[str, Place] = field(default_factory=dict[str, Place], compare=False, repr=False)

    def place(self, address: str, *path: str | int) -> Place | None:
        """Return where a property was written, or the nearest thing around it, or None."""
        for length in range(len(path), 0, -1):
            key = f"{address}#{'.'.join(str(part) for part in path[:length])}"
            if key in self.places:
                return self.places[key]
        return self.places.get(address)

    def superiors(self, post: str) -> Iterator[str]:
        """Yield the posts above `post`, nearest first. Stops before a circle closes."""
        seen = {post}
        above = self.posts[post].reports_to if post in self.posts else None
        while above is not None and above not in seen and above in self.posts:
            yield above
            seen.add(above)
            above = self.posts[above].reports_to
