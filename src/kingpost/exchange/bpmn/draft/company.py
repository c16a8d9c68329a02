"""The rest of a company around drafted workflows, so that the draft can be checked and tried."""

from collections.abc import Sequence

from kingpost.exchange.bpmn.draft.workflow import Draft, Tree
from kingpost.exchange.company import OWNER, UNIT, bare_company
from kingpost.exchange.naming import Names


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
    goals = {"objectives": objectives, "metrics": metrics, "value-streams": streams}
    return bare_company(name, goals, _posts(drafts))


def _posts(drafts: Sequence[Draft]) -> Tree:
    posts: Tree = {}
    names = Names({OWNER})
    roles = {role: role_ for draft in drafts for role, role_ in draft.sections["roles"].items()}
    for role, written in roles.items():
        grants = [grant for draft in drafts for grant in draft.authority.get(role, ())]
        posts[names.give(f"{role}-desk", "desk")] = {
            "title": f"{written['title']} desk",
            "unit": UNIT,
            "reports-to": OWNER,
            "roles": [role],
            "seats": 5,
            "vacancy": {"falls-to": "superior"},
            **({"authority": grants} if grants else {}),
        }
    return posts
