"""Events: the same bytes for the same facts, no personal value in them, and a fold that agrees."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kingpost.decisions.case import Case, Clock, Suspension, Token, Vote
from kingpost.decisions.changes import (
    Addressed,
    Assigned,
    BranchEnded,
    CaseClosed,
    Change,
    ClockSet,
    Entered,
    FieldsSet,
    Left,
    NotOwed,
    Owed,
    Performed,
    Resumed,
    StateSet,
    Voted,
    VotesLapsed,
    WasSuspended,
    evolve,
)
from kingpost.decisions.commands import Complete, Decide, Raise, Record, Start
from kingpost.decisions.decide import decide
from kingpost.decisions.program import compile_model
from kingpost.decisions.sealing import (
    COMMITMENT,
    Vault,
    instant,
    read_change,
    read_clock,
    read_instant,
    read_token,
    reveal,
    shown_digest,
    write_change,
    write_clock,
    write_token,
)
from kingpost.model.rules import HitPolicy, Input
from kingpost.proof.chain import check_chain, commit
from tests.decisions.world import ANNA, HEDY, LEO, LEVELS, MONDAY, SEED, Desk, model_with, started

SECRET_NAME = "Ines Prado de Almeida"
SECRET_NOTE = "has a heart condition"
SECRET_REASON = "her brother told us otherwise"


def told() -> Desk:
    """Return a case in which every kind of personal value was recorded."""
    desk = Desk()
    desk.do(Start({"claimant": SECRET_NAME, "amount": "200", "note": SECRET_NOTE}), ANNA)
    desk.do(Record(desk.id("intake"), {"note": SECRET_NOTE + "!"}), ANNA)
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Raise(desk.id("examine"), "police-asks", reason=SECRET_REASON), LEO)
    return desk


def folded(desk: Desk, secrets: list[dict[str, Any]]) -> Case:
    case = replace(Desk(now=desk.case.started_at).case, model=desk.case.model)
    for transition, known in zip(desk.history, secrets, strict=True):
        body = reveal(json.loads(transition.link.body), known)
        header = json.loads(transition.link.header)
        changes = [read_change(change) for change in body["changes"]]
        at = read_instant(header["at"])
        case = evolve(case, changes, at=at, head=transition.link.hash)
    return case


def secrets_of(desk: Desk) -> list[dict[str, Any]]:
    return [{item.name: item.value for item in event.secrets} for event in desk.history]


def links_of(desk: Desk) -> list[tuple[bytes, bytes]]:
    return [(event.link.header, event.link.body) for event in desk.history]


def test_no_personal_value_stands_in_an_event() -> None:
    desk = told()

    kept = b"".join(header + body for header, body in links_of(desk))

    for word in ("Ines", "Almeida", "heart", "brother"):
        assert word.encode() not in kept


def test_the_folded_events_give_the_case() -> None:
    desk = told()

    assert folded(desk, secrets_of(desk)) == desk.case
    assert desk.case.fields["note"] == SECRET_NOTE + "!"


def test_a_commitment_opens_with_its_salt_and_value_alone() -> None:
    desk = told()
    body = desk.history[0].body
    written = body["changes"][1]["fields"]["claimant"]
    secret = next(item for item in desk.history[0].secrets if item.name == written["name"])

    assert written[COMMITMENT] == commit("claimant", secret.salt, SECRET_NAME)
    assert written[COMMITMENT] != commit("claimant", secret.salt, "Ines Prado de Almeido")
    salts = [item.salt for event in desk.history for item in event.secrets]
    assert len(set(salts)) == len(salts)


def test_an_erased_value_keeps_the_chain_and_reads_as_empty() -> None:
    desk = told()
    erased = [
        {name: value for name, value in known.items() if "note" not in name}
        for known in secrets_of(desk)
    ]

    case = folded(desk, erased)

    assert check_chain(links_of(desk), desk.case.head) is None
    assert "note" not in case.fields
    assert case.fields["claimant"] == SECRET_NAME
    assert case.tokens == desk.case.tokens


def test_a_rule_that_reads_a_personal_field_tells_nothing_of_it() -> None:
    rule = replace(
        LEVELS,
        hit_policy=HitPolicy.FIRST,
        inputs=(Input("who", "string length(claim.claimant)"),),
        rows=(("> 10", '"high"'), ("-", '"low"')),
    )
    desk = Desk(compile_model(model_with(rule=rule)))
    started_ = desk.do(Start({"claimant": SECRET_NAME}), ANNA)

    explained = started_.body["rules"][0]

    assert explained["result"] == {"level": "high"}
    assert set(explained["inputs"]["who"]) == {COMMITMENT, "name"}
    assert reveal(explained, started_.revealed)["inputs"] == {"who": str(len(SECRET_NAME))}


def test_a_value_cannot_look_like_a_commitment() -> None:
    names = {"fields": {"name": "field/x/0", "commitment": "x"}}

    assert reveal(names, {"field/x/0": "secret"}) == names


def test_personal_values_need_a_seed() -> None:
    desk = Desk()
    facts = replace(desk.facts(ANNA), seed=b"short")

    with pytest.raises(ValueError, match="expected a seed of 32 bytes, got 5"):
        decide(desk.program, desk.case, Start({"claimant": "Ines", "amount": "1"}), facts)


def test_the_same_facts_give_the_same_bytes() -> None:
    first, second = told(), told()

    assert first.history == second.history


def test_the_order_in_which_a_case_was_kept_does_not_matter() -> None:
    desk, other = told(), told()
    backwards: dict[str, Any] = {
        name: dict(reversed(list(getattr(desk.case, name).items())))
        for name in ("fields", "tokens", "entered", "changed", "performers", "owed", "settled")
    }
    other.case = replace(desk.case, **backwards)

    one = desk.try_(Record(desk.id("examine"), {"group": "group-b", "level": "high"}), ANNA)
    two = other.try_(Record(desk.id("examine"), {"level": "high", "group": "group-b"}), ANNA)

    assert one == two


def test_another_seed_changes_salts_and_nothing_else() -> None:
    one, two = Desk(), Desk()
    command = Start({"claimant": SECRET_NAME, "amount": "1"})
    first = decide(one.program, one.case, command, one.facts(ANNA))
    second = decide(two.program, two.case, command, replace(two.facts(ANNA), seed=SEED[::-1]))

    assert first != second
    assert getattr(first, "changes", 1) == getattr(second, "changes", 2)


def test_what_was_shown_has_one_digest() -> None:
    desk = started()
    names = ("claimant", "amount", "report")

    digest = shown_digest(names, desk.case.fields)

    assert digest == shown_digest(names, {"amount": "200", "claimant": "Ines Prado", "pages": 1})
    assert digest != shown_digest(names, {"amount": "201", "claimant": "Ines Prado"})


def test_what_was_shown_is_accepted_while_it_stands() -> None:
    desk = started()
    desk.do(Complete(desk.id("intake")), ANNA)
    desk.do(Complete(desk.id("examine"), {"report": "seen"}), ANNA)
    shown = shown_digest(("claimant", "amount", "report"), desk.case.fields)

    desk.do(Decide(desk.id("approve"), "approve", shown=shown), HEDY)


CLOCKS = st.builds(
    Clock,
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["", "office"]),
)
NAMES = st.sampled_from(["intake", "examine", "group-a"])
MAYBE = st.none() | NAMES
PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=9)
FIELDS = st.dictionaries(NAMES, PLAIN, min_size=1).map(
    lambda fields: FieldsSet(tuple(sorted(fields.items())))
)
VOTES = st.builds(Vote, NAMES, NAMES, NAMES, FIELDS.map(lambda change: change.fields))
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(Entered, NAMES, NAMES, MAYBE, MAYBE, MAYBE, st.none() | CLOCKS, st.none() | CLOCKS),
    st.builds(Left, NAMES, st.sampled_from(["completed", "withdrawn"])),
    st.builds(BranchEnded, NAMES, NAMES),
    st.builds(StateSet, NAMES),
    FIELDS,
    st.builds(Addressed, NAMES, MAYBE),
    st.builds(Assigned, NAMES, MAYBE),
    st.builds(WasSuspended, NAMES, NAMES, NAMES),
    st.builds(Resumed, NAMES),
    st.builds(ClockSet, NAMES, st.none() | CLOCKS, st.sampled_from(["due", "limit"])),
    st.builds(Performed, NAMES, NAMES),
    st.builds(Owed, NAMES, st.none() | st.datetimes(timezones=st.just(UTC))),
    st.builds(NotOwed, NAMES, st.sampled_from(["met", "late", "missing", "lifted"])),
    st.builds(Voted, NAMES, VOTES),
    st.builds(VotesLapsed, NAMES),
    st.just(CaseClosed()),
)
SUSPENSIONS = st.builds(Suspension, NAMES, st.datetimes(timezones=st.just(UTC)), NAMES)
TOKENS = st.builds(
    Token,
    NAMES,
    NAMES,
    MAYBE,
    MAYBE,
    st.datetimes(timezones=st.just(UTC)),
    post=MAYBE,
    person=MAYBE,
    clock=st.none() | CLOCKS,
    suspension=st.none() | SUSPENSIONS,
    done=st.lists(NAMES, max_size=3).map(tuple),
    limit=st.none() | CLOCKS,
    votes=st.lists(VOTES, max_size=2).map(tuple),
)


@given(change=CHANGES, personal=st.frozensets(NAMES))
def test_a_change_reads_back_as_it_was_written(change: Change, personal: frozenset[str]) -> None:
    vault = Vault(SEED, "case/1")
    written = json.loads(json.dumps(write_change(change, personal, vault)))
    secrets = {item.name: item.value for item in vault.secrets}

    assert read_change(reveal(written, secrets)) == change


@given(token=TOKENS)
def test_a_token_reads_back_as_it_was_written(token: Token) -> None:
    assert read_token(token.id, json.loads(json.dumps(write_token(token)))) == token


@given(clock=CLOCKS)
def test_a_clock_reads_back_as_it_was_written(clock: Clock) -> None:
    assert read_clock(json.loads(json.dumps(write_clock(clock)))) == clock


def test_a_change_of_another_format_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="there is no change `merge` in this format"):
        read_change({"do": "merge"})


def test_a_time_is_written_in_one_way() -> None:
    lisbon_summer = timezone(timedelta(hours=1))

    assert instant(MONDAY) == "2026-11-16T09:00:00.000000Z"
    assert instant(datetime(2026, 7, 1, 10, 0, 0, 5, lisbon_summer)) == (
        "2026-07-01T09:00:00.000005Z"
    )
    assert instant(datetime(33, 4, 3, tzinfo=UTC)) == "0033-04-03T00:00:00.000000Z"


@given(at=st.datetimes(timezones=st.just(UTC)))
def test_a_time_reads_back_as_it_was_written(at: datetime) -> None:
    assert read_instant(instant(at)) == at
