"""Room for the events of the months to come."""

from kingpost.engine.company import Company
from kingpost.store.due import timers


def provide_months(company: Company) -> None:
    """Provide the partitions of this month and the next two."""
    with company.database.connection() as connection:
        timers.provide_months(connection, ahead=2)
