"""What is wrong and what to do, in sentences with the titles of the model."""

from collections.abc import Iterable
from dataclasses import replace

from kingpost.decisions.program import Program
from kingpost.queries.alarms.alarm import Alarm, AlarmKind
from kingpost.queries.open_work import step_title

_NAMED_MAX = 3


def told(program: Program, alarm: Alarm) -> Alarm:
    """Return an alarm with its sentences."""
    if alarm.kind in {AlarmKind.VACANT, AlarmKind.AWAY}:
        return replace(alarm, what=_of_post(program, alarm), remedy=_fill(alarm))
    return replace(alarm, what=_of_work(program, alarm), remedy=_route(program, alarm))


def _of_post(program: Program, alarm: Alarm) -> str:
    title = _post(program, alarm.post)
    if alarm.kind is AlarmKind.AWAY:
        empty = f"Everybody who holds {title} is away"
    else:
        empty = f"{'Nobody holds' if alarm.since else 'Nobody ever held'} {title}"
    nobody = (
        f"{_post(program, alarm.stand_in)}, which is to stand in, is empty, too"
        if alarm.stand_in
        else "nobody stands in for it"
    )
    burden = [f"{_pieces(alarm.work)} addressed to it"] if alarm.work else []
    if alarm.duties:
        burden.append(f"it is needed for {_some(duty.title for duty in alarm.duties)}")
    words = " and ".join(burden)
    return f"{empty}, and {nobody}. {words[:1].upper()}{words[1:]}."


def _fill(alarm: Alarm) -> str:
    if alarm.kind is AlarmKind.AWAY:
        return (
            "Appoint somebody acting, lend its authority to somebody who is there, or name in its "
            "vacancy policy who acts."
        )
    return "Appoint somebody to it, or name in its vacancy policy a post that acts."


def _of_work(program: Program, alarm: Alarm) -> str:
    step = f"“{step_title(program, alarm.workflow, alarm.step)}”"
    where = f" in {_pieces(alarm.work, verb=False)}"
    if _of_two(alarm):
        return _of_others(program, alarm)
    match alarm.kind:
        case AlarmKind.NOBODY if alarm.posts:
            return f"{step} reaches nobody{where}: nobody is there for {_posts(program, alarm)}."
        case AlarmKind.NOBODY:
            return f"{step} reaches nobody{where}: no post may do it."
        case AlarmKind.NOT_SEPARATE:
            return (
                f"{step} reaches nobody{where}: all who are there for {_posts(program, alarm)} "
                "have done what it is to be separate from."
            )
        case AlarmKind.TOO_FEW:
            there = "1 person" if alarm.reached == 1 else f"{alarm.reached:,} people"
            return (
                f"{step} reaches too few{where}: {alarm.needed:,} must agree, and {there} who may "
                f"{'is' if alarm.reached == 1 else 'are'} there for {_posts(program, alarm)}."
            )
        case _:
            return f"Nobody whom {step} reaches may take any outcome of it{where}."


def _of_two(alarm: Alarm) -> bool:
    """Tell whether it is about a review, or what is to be confirmed: of neither is there a role."""
    alone = alarm.kind is AlarmKind.NOT_SEPARATE and not alarm.role
    return alarm.kind is AlarmKind.UNREVIEWED or alone


def _of_others(program: Program, alarm: Alarm) -> str:
    step, posts = step_title(program, alarm.workflow, alarm.step), _posts(program, alarm)
    where = f" of “{step}”" if alarm.step else ""
    cases = _pieces(alarm.work, verb=False)
    if alarm.kind is AlarmKind.UNREVIEWED:
        return (
            f"The review of an override{where} is overdue in {cases}, for {posts}: nothing more is"
            " overridden in the name of the same post before it is made."
        )
    what = f"The review of an override{where} can be made"
    if alarm.post is None:
        what = f"What is proposed{where} can be confirmed"
    return f"{what} by nobody in {cases}: nobody who took no part in it is there for {posts}."


def _route(program: Program, alarm: Alarm) -> str:
    posts = _posts(program, alarm)
    match alarm.kind:
        case AlarmKind.UNREVIEWED:
            return f"Let {posts} make it, from the worklist."
        case AlarmKind.NOT_SEPARATE:
            return f"Appoint another person to {posts}."
        case AlarmKind.TOO_FEW:
            more = alarm.needed - alarm.reached
            whom = "another person" if more == 1 else f"{more:,} more people"
            return f"Appoint {whom} to {posts}."
        case AlarmKind.NOBODY if posts:
            return f"Appoint somebody to {posts}."
        case AlarmKind.NOBODY:
            return "Let a post that is held carry its role in the model."
        case _ if posts:
            return f"Appoint somebody to {posts}, who may take an outcome here."
        case _:
            return (
                "No post that it reaches may: correct the record, or give one of them the "
                "authority in the model."
            )


def _pieces(count: int, *, verb: bool = True) -> str:
    if not verb:
        return f"{count:,} {'case' if count == 1 else 'cases'}"
    return "1 piece of open work is" if count == 1 else f"{count:,} pieces of open work are"


def _post(program: Program, post: str | None) -> str:
    found = program.model.posts.get(post or "")
    return f"“{found.title if found else post}”"


def _posts(program: Program, alarm: Alarm) -> str:
    return _listed([_post(program, post) for post in alarm.posts], "or")


def _some(titles: Iterable[str]) -> str:
    """Return some titles, and how many more there are."""
    found = [f"“{title}”" for title in titles]
    rest = len(found) - _NAMED_MAX
    if rest > 1:
        return _listed([*found[:_NAMED_MAX], f"{rest} more"], "and")
    return _listed(found, "and")


def _listed(names: list[str], last: str) -> str:
    if len(names) < 2:  # noqa: PLR2004 - a list of one is the name itself
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
