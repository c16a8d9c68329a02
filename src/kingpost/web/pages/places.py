"""Where pages are that others lead to."""

from kingpost.handbook.addressing import page_of
from kingpost.web.pieces import Act

MODEL = "/model/"


def succession_url(post: str) -> str:
    """Return the address of the page of what goes with a post."""
    return f"/org/posts/{post}/succession"


def in_the_model(part: str) -> Act:
    """Return the way to where a part of the model is told. part: its address."""
    return Act("In the model", f"{MODEL}{page_of(part)}")
