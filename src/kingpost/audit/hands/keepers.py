"""Cases that a person let go over to another version: by who keeps their workflow there."""

from collections.abc import Iterator

from kingpost.audit.company import Declared
from kingpost.audit.register import Register
from kingpost.audit.telling import Told
from kingpost.model.custody import custodian_of


def keeper_faults(
    event: Told, workflow: str, declared: Declared, register: Register
) -> Iterator[str]:
    """Yield what was missing of the right of a person who decided where one case goes on.

    declared: the version to which it goes, which ran then.
    """
    actor = event.actor
    if "person" not in actor:
        return
    post, right = actor.get("post"), actor.get("right", "")
    if post != custodian_of(declared.model, f"workflow/{workflow}"):
        yield f"`{post}` does not keep `{workflow}`"
    if register.appointments.get(right) != (actor["person"], post):
        yield "it rests on an appointment that is not there"
    elif not register.ran(right, event):
        yield "it rests on an appointment that did not run then"
    if register.kinds.get(right) == "agent" or "delegation" in actor or actor.get("via") != "post":
        yield "only who keeps it, in person, lets a case go over"
