"""Changing the model that runs: only those who keep the parts that change may do it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kingpost.engine.carrying.applying import carry_all
from kingpost.engine.carrying.policies import Positions
from kingpost.engine.carrying.receipts import receipt
from kingpost.engine.change import NotCustodianError, change_model
from kingpost.engine.company import Company
from kingpost.model.assurance import CarryOver, Governance
from kingpost.model.model import Model
from kingpost.planning.difference import changed_elements
from kingpost.store.pool import Database as Pool
from tests.database import Database
from tests.engine.office import HOLDERS, TEXT, Office, model, read


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with Pool(database.app_url, connections=4) as pool:
        yield Office.opened(pool)


def governed(*entries: tuple[str, str]) -> Model:
    return replace(model(), governance=tuple(Governance(part, post) for part, post in entries))


def with_title(before: Model, post: str, title: str) -> Model:
    return replace(before, posts={**before.posts, post: replace(before.posts[post], title=title)})


def test_the_first_model_needs_nobody(database: Database) -> None:
    with Pool(database.app_url) as pool:
        company = Company(pool)
        assert change_model(company, model(), person=None).model == model()


def test_what_changed_is_named_by_address() -> None:
    after = with_title(model(), "desk", "Another title")
    assert changed_elements(model(), after) == ("post/desk",)
    assert changed_elements(model(), model()) == ()
    assert changed_elements(model(), governed(("*", "head"), ("*", "lead"))) == ("governance",)


def test_who_keeps_the_part_may_change_it(office: Office) -> None:
    office.company.load(governed(("post/*", "lead"), ("*", "head")))
    after = with_title(governed(("post/*", "lead"), ("*", "head")), "desk", "Another title")

    change_model(office.company, after, person="leo")
    assert office.company.active().model.posts["desk"].title == "Another title"


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("anna", "`anna` does not keep every part that changes:"),
        ("hedy", "`hedy` does not keep every part that changes:"),
        (None, "nobody was named who keeps every part that changes:"),
    ],
)
def test_who_does_not_keep_it_changes_nothing(
    office: Office, person: str | None, words: str
) -> None:
    running = governed(("post/*", "lead"), ("*", "head"))
    office.company.load(running)

    with pytest.raises(NotCustodianError) as refused:
        change_model(office.company, with_title(running, "desk", "Mine"), person=person)
    assert str(refused.value).splitlines() == [
        words,
        "  `post/desk` is kept by `lead`",
        "Let a person load it who holds these posts: `kingpost load FOLDER --as PERSON`.",
    ]
    assert office.company.active().model.posts["desk"].title != "Mine"


def test_nobody_makes_themselves_keeper_in_the_same_change(office: Office) -> None:
    running = governed(("*", "head"))
    office.company.load(running)
    taken = with_title(governed(("*", "desk")), "desk", "Mine")

    with pytest.raises(NotCustodianError):
        change_model(office.company, taken, person="anna")


def test_an_object_is_kept_by_its_own_custodian(office: Office) -> None:
    running = model()
    name, found = next(iter(running.objects.items()))
    after = replace(running, objects={name: replace(found, title="Another")})
    keeper = next((person for person, post in HOLDERS.items() if post == found.custodian), None)

    with pytest.raises(NotCustodianError) as refused:
        change_model(office.company, after, person="anna" if keeper != "anna" else "ben")
    assert f"`object/{name}` is kept by `{found.custodian}`" in str(refused.value)
    if keeper is not None:
        assert change_model(office.company, after, person=keeper).model == after


def reached(**policies: CarryOver) -> Model:
    """Return the company where the desk keeps its own title and the head everything else."""
    flows = (
        Governance(f"workflow/{name}", "head", carry_over=policy)
        for name, policy in policies.items()
    )
    kept = (Governance("post/desk", "desk"), *flows, Governance("*", "head"))
    return replace(model(), governance=kept)


@pytest.mark.parametrize(
    ("said", "places"),
    [
        (CarryOver.NOW, {}),
        (None, {"claim": {"examine": "examine"}}),
    ],
)
def test_only_who_keeps_a_workflow_says_how_its_cases_go_over(
    office: Office, said: CarryOver | None, places: Positions
) -> None:
    office.company.load(reached())
    after = with_title(reached(), "desk", "Another title")

    with pytest.raises(NotCustodianError) as refused:
        change_model(office.company, after, person="anna", carry_over=said, positions=places)
    assert str(refused.value).splitlines()[:2] == [
        "`anna` does not keep every part that changes:",
        "  `workflow/claim` is kept by `head`, which says how its cases go over",
    ]
    assert office.company.active().model == reached()
    change_model(office.company, after, person="anna")
    assert office.company.active().model == after


def test_what_governance_says_of_cases_anybody_may_say_who_changes_something(
    office: Office,
) -> None:
    running = reached(claim=CarryOver.NOW)
    office.company.load(running)
    after = with_title(running, "desk", "Another title")

    with pytest.raises(NotCustodianError):
        change_model(office.company, after, person="anna", carry_over=CarryOver.STAY)
    change_model(office.company, after, person="anna", carry_over=CarryOver.NOW)
    assert office.company.active().model == after


def test_cases_that_stayed_go_over_later_to_the_version_that_runs(office: Office) -> None:
    office.company.load(reached())
    case = office.start()
    after = read(TEXT.replace("due: 2 days", "due: 1 days"))
    change_model(office.company, after, person="hedy")
    assert carry_all(office.company) == ()

    with pytest.raises(NotCustodianError) as refused:
        change_model(office.company, after, person="anna", carry_over=CarryOver.NOW)
    assert "`workflow/claim` is kept by `head`" in str(refused.value)
    change_model(office.company, after, person="hedy", carry_over=CarryOver.NOW)
    [change] = carry_all(office.company)

    assert office.case(case).model == office.company.active().version
    told = receipt(office.company, change)
    assert told is not None
    assert told.sentence() == "1 carried over"
