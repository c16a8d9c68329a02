"""Where pages are that others lead to."""


def succession_url(post: str) -> str:
    """Return the address of the page of what goes with a post."""
    return f"/org/posts/{post}/succession"
