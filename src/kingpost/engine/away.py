"""When the database cannot be reached or has no room, and how long one waits for it."""

from psycopg import OperationalError as OperationalError  # noqa: PLC0414 - for the faces

from kingpost.store.pool import within as within  # noqa: PLC0414 - for the faces

# Connections that break or are refused, and a server that shuts down or starts.
# Source: PostgreSQL, appendix A, classes 08 and 57, and code 53300.
_LOST = ("08", "57P", "53300")


def is_away(error: OperationalError) -> bool:
    """Tell whether the database was not reached; else it was, and could not do what was asked."""
    return error.sqlstate is None or error.sqlstate.startswith(_LOST)


def is_full(error: OperationalError) -> bool:
    """Tell whether the database has no room left on its disk: it wrote nothing of what was asked.

    Source: PostgreSQL, appendix A, code 53100.
    """
    return error.sqlstate == "53100"
