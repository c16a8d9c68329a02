"""What whoever takes over a post takes over, for those whom it concerns."""

from http import HTTPStatus

from fastapi import APIRouter

from kingpost.api.caller import PersonCaller, holder
from kingpost.api.documents import says_no
from kingpost.api.problems import ProblemError, nothing
from kingpost.api.texts import Name, PageNumber
from kingpost.queries.succession.pack import Closed, Succession
from kingpost.queries.succession.reading import read_succession

router = APIRouter(tags=["organisation"])


@router.get("/organisation/posts/{post}/succession", responses=says_no(401, 403, 404, 422))
def succession(post: Name, caller: PersonCaller, page: PageNumber = 1) -> Succession:
    """Read what goes with a post: work, decisions, duties, limits and expectations.

    For who holds it or is appointed to it (before they hold any post), for the posts above it, for
    the one that answers for its agents, and for who keeps it in the model. Whoever acts in one post
    reads by that alone. page: of the open work.
    """
    company = caller.company
    database, program = company.database, company.active()
    found = read_succession(
        database, program, post, person=caller.person, acting_as=caller.acting_as, page=page
    )
    if not isinstance(found, Succession):
        # Who holds no post at all is told nothing of who is where.
        holder(caller)
    if found is None:
        raise nothing("post", post)
    if isinstance(found, Closed):
        raise ProblemError(HTTPStatus.FORBIDDEN, "not-your-succession", found.words)
    return found
