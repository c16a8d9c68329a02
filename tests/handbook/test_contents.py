"""The pages of a handbook, each by its path, and where they lead to each other."""

import pytest

from kingpost.handbook.addressing import Place
from kingpost.handbook.book import Book
from kingpost.handbook.contents import contents, page_at, pages
from kingpost.model.parts.links import links_of
from tests.checks.words import SOUND, read

MODEL = read(SOUND)
LINKS = links_of(MODEL)
LIVE = Book(MODEL, LINKS, place=Place("/model/", "?version=2"))
FILES = Book(MODEL, LINKS, ())


def test_every_page_is_found_by_its_path() -> None:
    told = {page.path: page.title for page in pages(FILES)}

    assert {path: found.title for path in told if (found := page_at(FILES, path))} == told
    assert {"index", "rules", "rule/band", "workflow/claim", "findings"} <= set(told)


@pytest.mark.parametrize(
    "path", ["", "rule", "rule/none", "rule/band/row/1", "nothing", "governance/1", "rule//band"]
)
def test_there_is_no_other_page(path: str) -> None:
    assert page_at(LIVE, path) is None


def test_nobody_is_told_of_a_check_that_was_not_made() -> None:
    names = [entry.name for group in contents(LIVE) for entry in group.entries]

    assert "findings" not in names
    assert "scenarios" not in names
    assert "finding" not in str(page_at(LIVE, "index"))


def test_pages_lead_to_each_other_wherever_the_handbook_stands() -> None:
    live, file = LIVE.sight("rule/band"), FILES.sight("rule/band")

    assert live.url("workflow/claim/step/pay") == "/model/workflow/claim?version=2#step-pay"
    assert file.url("workflow/claim/step/pay") == "../workflow/claim.html#step-pay"
    assert live.url("rule/band") == file.url("rule/band") == "#main"
    assert live.url("post/nobody") == ""
    assert live.to("index") == "/model/index?version=2"
