"""What can be wrong with the embedded server."""


class EmbeddedServerError(Exception):
    """The embedded server did not start, or cannot be reached."""
