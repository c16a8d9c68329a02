"""The API of the test's company, called as programs call it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from kingpost.api.app import create_api
from kingpost.engine import access
from tests.engine.office import Office, key


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a test has no command line.


@dataclass
class Front:
    """The API over an office."""

    office: Office
    api: FastAPI

    @classmethod
    def opened(cls, office: Office, environment: Mapping[str, str] | None = None) -> "Front":
        return cls(office, create_api(office.company, clock, environment))

    def token(self, person: str | None = None, interface: str | None = None) -> str:
        company, now = self.office.company, clock()
        return access.open_session(company, person=person, interface=interface, now=now).token

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        json: object = None,
        headers: Mapping[str, str | bytes] | None = None,
        **more: Any,  # noqa: ANN401 - what httpx takes besides
    ) -> httpx.Response:
        """Send one request. A body that is not `json` comes as `content`."""
        sent: dict[str, str | bytes] = {"Authorization": f"Bearer {token}"} if token else {}
        sent |= headers or {}
        if json is not None:
            more["json"] = json
        return asyncio.run(self._call(method, path, headers=sent, **more))

    def get(self, path: str, person: str = "leo") -> Any:  # noqa: ANN401 - JSON
        """Read something as a person; it must be there."""
        answer = self.call("GET", path, token=self.token(person))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(
        self,
        path: str,
        json: object,
        *,
        person: str | None = None,
        interface: str | None = None,
        again: UUID | None = None,
    ) -> httpx.Response:
        """Send a command with a fresh key, or with the key of an earlier one."""
        token = self.token(person, interface)
        headers = {"Idempotency-Key": str(again or key())}
        return self.call("POST", path, token=token, json=json, headers=headers)

    async def _call(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        transport = httpx.ASGITransport(self.api, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://kingpost") as client:
            return await client.request(method, path, **more)


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    """Return status, kind and words of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["type"].removeprefix("urn:kingpost:problem:"), body["detail"]
