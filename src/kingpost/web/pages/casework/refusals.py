"""Refusals in the words of the company: titles where the rules speak of ids."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kingpost.decisions import refusals
from kingpost.decisions.refusing.calls import PathNotFitting
from kingpost.decisions.refusing.exceptions import RunsBeside
from kingpost.decisions.refusing.repairs import (
    BeyondBoth,
    CouldNotVote,
    DecisionRestsOn,
    NeedsAnother,
    NotYourRepair,
    PastDecision,
    PastRule,
    ProposalGone,
    ProposerLeft,
)
from kingpost.model.model import Model
from kingpost.model.workflow import Decision
from kingpost.web.pages.refused_overrides import of_overrides
from kingpost.web.pages.typed_fields import shown_money
from kingpost.web.pages.words import title_of
from kingpost.web.pieces import Link

_SIGNS = (
    (" != null", " is filled in"),
    (" = null", " is empty"),
    (" != ", " is not "),
    (" <= ", " is at most "),
    (" >= ", " is at least "),
    (" = ", " is "),
    (" < ", " is below "),
    (" > ", " is above "),
)
_TEXT = re.compile(r'"([^"]*)"')
# A text, kept as it is, or a whole number of so many digits that they are grouped.
_NUMBER = re.compile(r'"[^"]*"|(?<![\w.@-])\d{4,}(?![\w-])')


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles that a workflow gives its parts. Of something it has no longer, the id."""

    model: Model
    workflow: str

    def step(self, name: str) -> str:
        """Return the title of a step, or of an outcome written `step/outcome`."""
        workflow = self.model.workflows.get(self.workflow)
        step_id, _, outcome = name.partition("/")
        step = workflow.work(step_id) if workflow else None
        if step is None:
            return title_of(name)
        found = step.outcome(outcome) if outcome and isinstance(step, Decision) else None
        return f"{step.title}: {found.title}" if found else step.title

    def outcome(self, step_id: str, outcome: str) -> str:
        """Return the title of an outcome."""
        workflow = self.model.workflows.get(self.workflow)
        step = workflow.step(step_id) if workflow else None
        found = step.outcome(outcome) if isinstance(step, Decision) else None
        return found.title if found else title_of(outcome)

    def rule(self, name: str) -> str:
        """Return the title of a rule."""
        found = self.model.rules.get(name)
        return found.title if found else title_of(name)

    def exception(self, name: str) -> str:
        """Return the title of an exception."""
        workflow = self.model.workflows.get(self.workflow)
        found = workflow.exception(name) if workflow else None
        return found.title if found else title_of(name)

    def field(self, name: str) -> str:
        """Return the title of a field."""
        workflow = self.model.workflows.get(self.workflow)
        declared = self.model.objects.get(workflow.object) if workflow else None
        found = declared.field(name) if declared else None
        return found.title if found else title_of(name)

    def fields(self, names: Iterable[str]) -> str:
        """Return the titles of fields, joined for a sentence."""
        return joined([self.field(name) for name in names], "and")

    def state(self, name: str) -> str:
        """Return the title of a state."""
        workflow = self.model.workflows.get(self.workflow)
        declared = self.model.objects.get(workflow.object) if workflow else None
        found = declared.state(name) if declared else None
        return found.title if found else title_of(name)

    def post(self, name: str | None) -> str:
        """Return the title of a post."""
        found = self.model.posts.get(name or "")
        return found.title if found else title_of(name or "")

    def posts(self, names: Iterable[str]) -> str:
        """Return the titles of posts, joined for a sentence."""
        return joined([self.post(name) for name in names], "or")

    def condition(self, written: str) -> str:
        """Return a condition in words: `loan.amount <= 500` is `Amount is at most 500`.

        Numbers are grouped as everywhere on the pages.
        """
        workflow = self.model.workflows.get(self.workflow)
        if workflow is None:
            return written
        words = re.sub(
            rf"\b{re.escape(workflow.object)}\.([a-z][a-z0-9-]*)",
            lambda match: self.field(match[1]),
            written,
        )
        # Of a year the digits are not grouped, and nothing but its function tells a year.
        if "year" not in written:
            words = _NUMBER.sub(_grouped, words)
        for sign, spoken in _SIGNS:
            words = words.replace(sign, spoken)
        return _TEXT.sub(lambda match: title_of(match[1]).lower(), words)


def _grouped(match: re.Match[str]) -> str:
    text = match[0]
    return text if text.startswith('"') else f"{int(text):,}"


def joined(words: list[str], last: str) -> str:
    """Return words with commas between them, and `last` before the last one."""
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def why(titles: Titles, refusal: object) -> str:
    """Return why something was refused, as a sentence."""
    parts = (
        _of_rights, _of_allowances, _of_work, of_overrides, _of_repairs, _of_bounds, _of_fields,
        _of_rules,
    )  # fmt: skip
    for part in parts:
        words = part(titles, refusal)
        if words:
            return words
    return sentence(str(refusal))


def who_could(titles: Titles, refusal: object) -> Link | None:
    """Return the first post that may do what was refused."""
    could = getattr(refusal, "could", ())
    if not could:
        return None
    return Link(f"Who holds “{titles.post(could[0])}”", f"/org/posts/{could[0]}")


def sentence(clause: str) -> str:
    """Return a clause as a sentence, without the marks of code."""
    plain = clause.replace("`", "")
    return f"{plain[:1].upper()}{plain[1:]}."


def _of_rights(titles: Titles, refusal: object) -> str:
    match refusal:
        case refusals.NotYourPost():
            where = f", which is addressed to {titles.post(refusal.post)}" if refusal.post else ""
            may = titles.posts(refusal.could)
            return f"None of your posts may do “{titles.step(refusal.what)}”{where}. " + (
                f"{may} may." if may else "No post may."
            )
        case refusals.OutsideAuthority():
            outcome = titles.outcome(refusal.step, refusal.outcome)
            limits = joined([titles.condition(limit) for limit in refusal.limits], "or")
            only = f" only when {limits}" if limits else ""
            may_not = "may take" if limits else "may not take"
            may = titles.posts(refusal.could)
            return f"{titles.post(refusal.post)} {may_not} “{outcome}”{only}." + (
                f" {may} may take it here." if may else " No post may take it here."
            )
        case refusals.OutsideDelegation():
            outcome = titles.outcome(refusal.step, refusal.outcome)
            lent = f"What {refusal.giver} lent you as {titles.post(refusal.post)}"
            if refusal.when is None:
                return f"{lent} does not cover “{outcome}”."
            return f"{lent} covers “{outcome}” only when {titles.condition(refusal.when)}."
        case refusals.NotSeparate():
            who = f"{refusal.giver}, for whom you would act," if refusal.giver else "you"
            return (
                f"“{titles.step(refusal.step)}” is for somebody else: "
                f"{who} performed “{titles.step(refusal.other)}” in this case."
            )
        case refusals.AlreadyVoted():
            outcome = titles.outcome(refusal.step, refusal.outcome)
            return f"You have voted for “{outcome}”; your vote counts once."
        case refusals.NotYourInterface():
            return "This comes from another system, or from a post that you do not hold."
        case _:
            return ""


def _of_allowances(titles: Titles, refusal: object) -> str:
    if not isinstance(refusal, refusals.OverAllowance):
        return ""
    outcome, use = titles.outcome(refusal.step, refusal.outcome), refusal.use
    counts, most = shown_money(use["counts"]), shown_money(use["at-most"])
    left = f"{shown_money(refusal.left)} of {most} is left this {use['per']}"
    may = f" {titles.posts(refusal.could)} may." if refusal.could else ""
    who = titles.post(refusal.post)
    return f"“{outcome}” counts for {counts}, and of what {who} may decide, {left}.{may}"


def _of_work(titles: Titles, refusal: object) -> str:
    match refusal:
        case refusals.IsSuspended():
            return f"It stands still until “{titles.exception(refusal.exception)}” is resolved."
        case refusals.IsNotSuspended():
            return f"“{titles.step(refusal.step)}” is no longer held: somebody resolved it."
        case RunsBeside():
            raised = titles.exception(refusal.exception)
            return f"“{raised}” was raised already: “{refusal.title}” is open beside the case."
        case refusals.NoSuchChoice() if not refusal.given:
            return "Choose one first."
        case refusals.NoSuchChoice():
            return "This can no longer be chosen here."
        case refusals.SomethingChanged():
            return "What you were shown has changed since you opened it. Look again, then decide."
        case refusals.NotYetDue():
            return f"It may wait until {refusal.due:%-d %B %Y at %H:%M} UTC."
        case _:
            return ""


def _of_repairs(titles: Titles, refusal: object) -> str:
    match refusal:
        case NotYourRepair():
            posts = titles.model.posts
            could = [posts[name].title for name in refusal.could if name in posts]
            may = f"{' or '.join(could)} may" if could else "No post may"
            return f"None of your posts may repair cases here. {may}."
        case ProposalGone():
            return "The case went on since this was proposed. Look at it, and propose it anew."
        case NeedsAnother():
            return "You proposed this repair; another person has to confirm it."
        case ProposerLeft():
            post = titles.post(refusal.post)
            return f"{refusal.person}, who proposed this, no longer holds {post}. Propose it anew."
        case BeyondBoth() | CouldNotVote():
            outcome, may = (
                titles.outcome(refusal.step, refusal.outcome),
                titles.posts(refusal.could),
            )
            whom = "both people" if isinstance(refusal, CouldNotVote) else "one of the two people"
            may = f"{may} may" if may else "no post may"
            return f"“{outcome}” is forced only when {whom} could decide so: on this record, {may}."
        case _:
            return ""


def _of_bounds(titles: Titles, refusal: object) -> str:
    match refusal:
        case PastDecision():
            decision, to = titles.step(refusal.decision), titles.step(refusal.to)
            return (
                f"A move to “{to}” would go past “{decision}”. Move the case to where that is"
                " decided, or force the outcome there."
            )
        case PastRule():
            rule, to = titles.step(refusal.rule), titles.step(refusal.to)
            return (
                f"A move to “{to}” would go past the rule “{rule}”. Move the case to that rule,"
                " which needs nobody."
            )
        case DecisionRestsOn():
            field, step = titles.field(refusal.field), titles.step(refusal.step)
            return (
                f"“{step}” was decided by what {field} says. Move the case in the same repair to"
                " where that is still to come."
            )
        case _:
            return ""


def _of_fields(titles: Titles, refusal: object) -> str:
    match refusal:
        case refusals.EvidenceMissing(fields=(), test=test):
            return f"It needs that {titles.condition(test)}."
        case refusals.FieldsMissing() | refusals.EvidenceMissing():
            return f"Fill in {titles.fields(refusal.fields)}."
        case refusals.FieldNotFitting():
            return sentence(f"{titles.field(refusal.field)} expects {refusal.expected}")
        case refusals.FieldNotAsked():
            return f"{titles.field(refusal.field)} is not recorded here."
        case refusals.ReasonMissing():
            return "Give the reason."
        case _:
            return ""


def _of_a_path(field: str, *, is_empty: bool) -> str:
    if is_empty:
        return f"The other system cannot be asked yet. Fill in {field} first."
    return (
        f"The other system cannot be asked about {field} as it is written: leave out slashes,"
        " and make it shorter."
    )


def _of_rules(titles: Titles, refusal: object) -> str:
    match refusal:
        case refusals.Undecided(empty=empty) if empty:
            names = titles.fields(path.partition(".")[2] or path for path in empty)
            return f"What comes next depends on what is still empty. Fill in {names} first."
        case refusals.InputMissing():
            rule = titles.rule(refusal.rule)
            return f"{rule} has no answer while {title_of(refusal.input).lower()} is empty."
        case PathNotFitting():
            return _of_a_path(titles.fields((refusal.field,)), is_empty=refusal.is_empty)
        case refusals.Undecided() | refusals.NoRow() | refusals.NoAnswer():
            return "The rules have no answer for this record. Check what is filled in."
        case refusals.MoveForbidden():
            return (
                f"From {titles.state(refusal.source)} there is no way to "
                f"{titles.state(refusal.target)}."
            )
        case refusals.InvariantBroken():
            return (
                f"{titles.state(refusal.state)} needs that {titles.condition(refusal.invariant)}."
            )
        case refusals.HandoverNotMet():
            side = "begins" if refusal.side == "enter" else "ends"
            return f"A case {side} only when {titles.condition(refusal.condition)}."
        case _:
            return ""
