"""What takes a while to take out of a model, kept for the versions that were looked at last."""

from functools import lru_cache

from kingpost.engine.company import Company
from kingpost.model.parts.links import Links, links_of
from kingpost.model.ruling.book import RuleBook
from kingpost.planning.difference import Difference, by_element, differences

_VERSIONS_MAX = 4
_PAIRS_MAX = 64


class ModelCache:
    """The links and rules of model versions, and what versions changed, by digest."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.links = lru_cache(_VERSIONS_MAX)(self._links)
        self.rules = lru_cache(_VERSIONS_MAX)(self._rules)
        self.changes = lru_cache(_PAIRS_MAX)(self._changes)

    def _links(self, version: str) -> Links:
        return links_of(self._company.program(version).model)

    def _rules(self, version: str) -> RuleBook:
        return RuleBook(self._company.program(version).model)

    def _changes(self, before: str, after: str) -> dict[str, tuple[Difference, ...]]:
        """Return what one version changed in another, by element."""
        models = (self._company.program(version).model for version in (before, after))
        return dict(by_element(differences(*models)))
