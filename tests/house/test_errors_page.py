"""The page of findings is what its generator makes today."""

from tools.errors_page import PAGE, page


def test_the_page_of_findings_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run `python tools/errors_page.py`"
