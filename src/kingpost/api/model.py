"""The model through the API: its versions, what may be begun, and what imports came to."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from kingpost.api.caller import HolderCaller
from kingpost.api.documents import says_no
from kingpost.api.problems import nothing
from kingpost.api.texts import Name, PageNumber
from kingpost.model import objects
from kingpost.queries.flow import (
    Deviations,
    ImportRun,
    ModelVersion,
    list_imports,
    list_versions,
    read_deviations,
)

router = APIRouter(tags=["model"])

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Beginning:
    """A workflow and the form that begins a case of it. may_begin: you may, by a post of yours."""

    workflow: str
    title: str
    may_begin: bool
    form: tuple[objects.Field, ...]


@router.get("/workflows", responses=says_no(401, 403))
def workflows(caller: HolderCaller) -> tuple[Beginning, ...]:
    """Read every workflow with the form that begins a case of it."""
    model = caller.program.model
    roles = {
        role
        for holding in caller.reader.holdings
        if holding.post in model.posts
        for role in model.posts[holding.post].roles
    }
    return tuple(
        Beginning(
            item.id,
            item.title,
            not roles.isdisjoint(item.begins.roles),
            tuple(
                field for field in model.objects[item.object].fields if field.id in item.begins.form
            ),
        )
        for item in model.workflows.values()
    )


@router.get("/model/versions", responses=says_no(401, 403))
def versions(caller: HolderCaller) -> tuple[ModelVersion, ...]:
    """Read every model version that took effect, the one in force first."""
    return list_versions(caller.company.database)


@router.get("/model/versions/{digest}", responses=says_no(401, 403, 404, 422))
def version(digest: Digest, caller: HolderCaller) -> dict[str, Any]:
    """Read everything that a model version means, as plain values.

    The SHA-256 of this content as canonical JSON (RFC 8785) is the digest.
    """
    try:
        written = caller.company.content(digest)
    except KeyError:
        raise nothing("model version", digest) from None
    return cast("dict[str, Any]", json.loads(written))


@router.get("/imports", responses=says_no(401, 403))
def imports(caller: HolderCaller) -> tuple[ImportRun, ...]:
    """Read every import of a log, the latest first."""
    return list_imports(caller.company.database)


@router.get("/imports/{run}/deviations", responses=says_no(401, 403, 404, 422))
def deviations(
    run: UUID, caller: HolderCaller, kind: Name = "", page: PageNumber = 1
) -> Deviations:
    """Read what a log says and the model does not allow: by kind, and row by row."""
    if run not in {item.id for item in list_imports(caller.company.database)}:
        raise nothing("import", str(run))
    return read_deviations(caller.company.database, run, kind=kind, page=page)
