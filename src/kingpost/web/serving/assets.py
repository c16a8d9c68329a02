"""Static files under addresses that change with their content."""

import gzip
import hashlib
import mimetypes
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

from kingpost.handbook.stylesheet import stylesheet

_PREFIX = "/static/"
_FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """The static files of this package, read and compressed once."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, bytes, str]] = {}
        self._urls: dict[str, str] = {}
        for item in (resources.files("kingpost.web") / "static").iterdir():
            self._add(item.name, item.read_bytes())
        self._add("handbook.css", stylesheet().encode())

    def _add(self, item: str, content: bytes) -> None:
        name = f"{hashlib.sha256(content).hexdigest()[:12]}-{item}"
        kind = mimetypes.guess_type(item)[0] or "application/octet-stream"
        self._files[name] = (content, gzip.compress(content, mtime=0), kind)
        self._urls[item] = _PREFIX + name

    def url(self, name: str) -> str:
        """Return the address of a static file. Raises KeyError when there is none."""
        return self._urls[name]

    async def serve(self, request: Request) -> Response:
        """Answer with a static file."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        content, compressed, kind = found
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            content = compressed
            headers["Content-Encoding"] = "gzip"
        return Response(content, headers=headers, media_type=kind)
