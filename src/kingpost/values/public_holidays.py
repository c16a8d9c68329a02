"""The public holidays of a country, or of a part of one, as the library `holidays` knows them.

They are computed when a model is read and become part of it, so that the version of a model has
its days for good; decision 16 says why.
"""

from datetime import date
from functools import cache

# Years for which days are computed. They are content of a model: never change them silently.
FIRST_YEAR, LAST_YEAR = 2000, 2060


@cache
def public_holidays(country: str) -> frozenset[date] | None:
    """Return the public holidays of the years that are known, or None for an unknown country.

    country: by ISO 3166, such as `NL`, or with its part, such as `DE-BY`.
    """
    # Read on first use: most models name no country, and the library is large.
    from holidays import country_holidays  # noqa: PLC0415

    name, _, part = country.partition("-")
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    try:
        found = country_holidays(name, subdiv=part or None, years=years, expand=False)
    except NotImplementedError:
        return None
    return frozenset(found)
