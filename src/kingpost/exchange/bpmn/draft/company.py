"""The rest of a company around drafted workflows, so that the draft can be checked and tried."""

from collections.abc import Sequence

from kingpost.exchange.bpmn.draft.workflow import Draft, Tree
from kingpost.exchange.bpmn.naming import Names

OWNER = "process-owner"
_UNIT = "operations"


def around(drafts: Sequence[Draft], name: str) -> Tree:
    """Return the sections that a company needs besides its workflows.

    One post carries each role; it may decide all that its role decides. Each workflow serves one
    objective, measured by how many of its cases are open, until somebody says what is wanted.
    """
    objectives: Tree = {}
    streams: Tree = {}
    metrics: Tree = {}
    for draft in drafts:
        metric, objective = f"{draft.id}-in-flight", f"{draft.id}-flows"
        metrics[metric] = {"count-of": f"workflow/{draft.id}"}
        measure = {"metric": metric, "target": "<= 100"}
        objectives[objective] = {
            "title": f"{draft.title} flows",
            "owner": OWNER,
            "measures": {"in-flight": measure},
        }
        streams[draft.id] = {
            "title": draft.title,
            "serves": [objective],
            "promise": measure,
            "stages": {"all": {"workflows": [draft.id]}},
        }
    return {
        "kingpost": 1,
        "company": name,
        "timezone": "UTC",
        "calendars": {"office": {"title": "Office hours", "hours": ["Mon-Fri 09:00-17:00"]}},
        "governance": [{"part": "*", "custodian": OWNER}],
        "objectives": objectives,
        "metrics": metrics,
        "value-streams": streams,
        "units": {_UNIT: {"title": "Operations", "calendar": "office"}},
        "posts": _posts(drafts),
    }


def _posts(drafts: Sequence[Draft]) -> Tree:
    posts: Tree = {OWNER: {"title": "Process owner", "unit": _UNIT, "vacancy": "holds"}}
    names = Names({OWNER})
    roles = {role: role_ for draft in drafts for role, role_ in draft.sections["roles"].items()}
    for role, written in roles.items():
        grants = [grant for draft in drafts for grant in draft.authority.get(role, ())]
        posts[names.give(f"{role}-desk", "desk")] = {
            "title": f"{written['title']} desk",
            "unit": _UNIT,
            "reports-to": OWNER,
            "roles": [role],
            "seats": 5,
            "vacancy": {"falls-to": "superior"},
            **({"authority": grants} if grants else {}),
        }
    return posts
