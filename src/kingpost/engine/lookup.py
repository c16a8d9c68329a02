"""Look a case up as the engine knows it, for those who feed it from other systems."""

from kingpost.decisions.case import Case
from kingpost.engine.company import Company
from kingpost.store import cases


def find_case(company: Company, number: str) -> Case | None:
    """Return a case by its number, or None."""
    with company.database.connection() as connection:
        return cases.find_case(connection, number)
