"""The model through the API: its versions, what may be begun, and what imports came to."""

import json
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter

from kingpost.api.caller import HolderCaller
from kingpost.api.documents import says_no
from kingpost.api.problems import nothing, nothing_such
from kingpost.api.texts import Name, PageNumber
from kingpost.model import objects
from kingpost.planning.difference import as_document
from kingpost.queries.changes.versions import (
    ModelVersion,
    NoVersionError,
    Versions,
    read_versions,
)
from kingpost.queries.flow import Deviations, ImportRun, list_imports, read_deviations

router = APIRouter(tags=["model"])


@dataclass(frozen=True, slots=True)
class Changes:
    """What one version differs in from another. before: None for the first, which changed nothing.

    differences: each with its part, its sentence, and plain values before and after.
    """

    before: ModelVersion | None
    after: ModelVersion
    differences: tuple[dict[str, Any], ...]


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
    return _versions(caller).found


@router.get("/model/versions/{version}", responses=says_no(401, 403, 404, 422))
def version(version: Name, caller: HolderCaller) -> dict[str, Any]:
    """Read everything that a model version means, as plain values.

    The SHA-256 of this content as canonical JSON (RFC 8785) is its digest.

    version: its number, the beginning of its digest, a day, a time in UTC, or `running`.
    """
    found = _find(_versions(caller), version)
    return cast("dict[str, Any]", json.loads(caller.company.content(found.digest)))


@router.get("/model/versions/{version}/changes", responses=says_no(401, 403, 404, 422))
def changes(version: Name, caller: HolderCaller, since: Name = "") -> Changes:
    """Read what a model version changed, in sentences, in the one before or in that of `since`."""
    every = _versions(caller)
    after = _find(every, version)
    before = _find(every, since) if since else every.before(after)
    found = () if before is None else every.between(before, after)
    return Changes(before, after, tuple(as_document(item) for item in found))


def _versions(caller: HolderCaller) -> Versions:
    return read_versions(caller.company.database, caller.company.content)


def _find(every: Versions, written: str) -> ModelVersion:
    try:
        return every.find(written)
    except NoVersionError as error:
        raise nothing_such(str(error)) from None


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
