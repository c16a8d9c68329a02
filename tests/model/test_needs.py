"""Which names an expression reads, with words of the language and names of functions between."""

import pytest

from kingpost.model.ruling.needs import names_read

KNOWN = {"band", "risk-band", "years", "time", "date", "x"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("if band < 3 then years else x", {"band", "years", "x"}),
        ("band and not(time) or x", {"band", "time", "x"}),
        ("risk-band between 1 and 3", {"risk-band"}),
        ("risk-band and x in (1, 2)", {"risk-band", "x"}),
        ("date and time(band)", {"band"}),
        ("years and months duration(band, x)", {"band", "x"}),
        ("for x in band return x + years", {"band", "years"}),
        ('x = "band and years"', {"x"}),
        ("claim.band and x", {"x"}),
        ("claim. band and x", {"x"}),
        ("-band < -risk-band", {"band", "risk-band"}),
        ("risk-band-x > risk-band - years", {"risk-band", "x", "years"}),
        ("band-1 < 3", {"band"}),
        ("risk-years < 3", set[str]()),
    ],
)
def test_a_name_is_read_where_it_means_a_value(text: str, read: set[str]) -> None:
    assert names_read([text], KNOWN) == read
