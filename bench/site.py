"""How long a site takes, and that its cost grows with the company: twice the posts, twice the time.

Prints pages per second for a company of 500 and of 1,000 posts, and the ratio of the times of both.
"""

from pathlib import Path
from time import process_time

from kingpost.handbook.book import Book
from kingpost.model.parts.links import links_of
from kingpost.notation import read_model
from kingpost.site.building import build_site

SMALL = Path(__file__).parents[1] / "tests" / "checks" / "sound.yaml"
RATIO_MAX = 3.0


def company(posts: int) -> Book:
    """Return a small company with that many posts of one role."""
    more = "\n".join(
        f"  extra-{number}: {{unit: desk, reports-to: head, roles: [clerk], vacancy: holds}}"
        for number in range(posts)
    )
    text = SMALL.read_text().replace("\nobjects:\n", f"\n{more}\nobjects:\n")
    model = read_model({"kingpost.yaml": text}).model
    assert model is not None
    return Book(model, links_of(model), ())


def seconds(posts: int) -> float:
    """Return the processor time that a site of a company takes."""
    found = company(posts)
    begun = process_time()
    pages = len(build_site(found))
    took = process_time() - begun
    print(f"{posts:>6,} posts: {pages:,} files in {took:.2f} s, {pages / took:,.0f} a second")
    return took


if __name__ == "__main__":
    seconds(50)
    ratio = seconds(1000) / seconds(500)
    print(f"ratio of 1,000 to 500 posts: {ratio:.2f} (limit {RATIO_MAX})")
    assert ratio <= RATIO_MAX, "the cost of a site grows faster than the company"
