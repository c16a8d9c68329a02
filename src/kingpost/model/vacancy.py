"""Vacancies: which post acts for one that nobody holds."""

from kingpost.model.model import Model
from kingpost.model.organisation import Vacancy


def falls_to(model: Model, post: str, vacant: frozenset[str]) -> str | None:
    """Return the post that acts for a vacant one, following the policies; None when it holds."""
    seen: set[str] = set()
    current: str | None = post
    while current is not None and current in vacant and current not in seen:
        seen.add(current)
        if current not in model.posts:
            return None  # A case may run on a version that does not have the post yet.
        declared = model.posts[current]
        match declared.vacancy:
            case Vacancy.SUPERIOR:
                current = declared.reports_to
            case Vacancy.POST:
                current = declared.falls_to
            case _:
                return None
    return None if current is None or current in seen else current
