"""Acting on many at once over a real database: each by itself, told apart, and never lost."""

# ruff: noqa: E501 - words stand as they are said.

from collections.abc import Iterator
from uuid import UUID

import pytest

from kingpost.decisions.commands import Complete, Raise, Resolve
from kingpost.engine.batches import acting
from kingpost.engine.batches.acting import Batch, BatchKeyReusedError, Order
from kingpost.engine.batches.looking import look
from kingpost.queries.trouble.batches import read_items, read_unfinished
from kingpost.queries.trouble.exceptions import Exceptions, Sought, own_ids, read_exceptions
from kingpost.store.pool import Database as Pool
from tests.database import Databases
from tests.engine.office import Office, key
from tests.engine.test_races import at_once
from tests.engine.test_repairs import faults

ANSWERED = "end/answered"


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    """One company for all tests here: each looks at cases of its own."""
    with databases.kept() as database, Pool(database.app_url, connections=8) as pool:
        yield Office.opened(pool)


def held(office: Office, count: int) -> list[str]:
    """Begin cases in which information is missing; return the ids of what that holds."""
    tasks: list[str] = []
    for _ in range(count):
        task = office.task(office.start(), "examine")
        office.do(Raise(task, "info-missing"), "anna")
        tasks.append(task)
    return tasks


def order(tasks: list[str], act: str = ANSWERED, person: str = "anna", **other: object) -> Order:
    chosen = tuple(UUID(task) for task in tasks)
    return Order(key(), act, chosen, person, "the letters came", **other)  # type: ignore[arg-type]


def carried_out(office: Office, wanted: Order) -> Batch:
    assert acting.begin(office.company, wanted) is None
    found = acting.go_on(office.company, wanted.key, wanted.person, seconds=60)
    assert isinstance(found, Batch)
    return found


def read(office: Office, person: str, sought: Sought = Sought()) -> Exceptions:  # noqa: B008 - it is frozen
    company = office.company
    return read_exceptions(company.database, company.program, company.active(), person, sought)


def results(office: Office, wanted: Order) -> list[tuple[str | None, str]]:
    items = read_items(office.company.database, wanted.key)
    return [(item.outcome, item.words) for item in items]


def test_each_of_many_has_a_result_of_its_own(office: Office) -> None:
    first, second, third, other = held(office, 4)
    office.do(Resolve(second, "answered"), "anna")
    open_work = office.task(office.start(), "examine")
    gone = str(key())
    wanted = order([first, second, third, open_work, gone])

    found = carried_out(office, wanted)

    assert (found.items, found.done, found.refused, found.gone, found.left) == (5, 2, 0, 3, 0)
    assert results(office, wanted) == [
        ("gone", "`examine` is not suspended"),
        ("gone", "`examine` is not suspended"),
        ("gone", "this work is no longer open: somebody finished it, or it never was"),
        ("done", ""),
        ("done", ""),
    ]
    assert other in {str(each.id) for each in read(office, "anna").page.rows}
    assert faults(office) == []


def test_what_a_person_may_not_do_is_refused_for_each(office: Office) -> None:
    (task,) = held(office, 1)
    wanted = order([task], person="carl")

    assert carried_out(office, wanted).refused == 1
    ((outcome, words),) = results(office, wanted)
    assert outcome == "refused"
    assert words == "`examine` needs the role `clerk` and is addressed to `desk`: `desk` may"


def test_one_key_is_one_batch_and_has_one_effect(office: Office) -> None:
    wanted = order(held(office, 2))
    carried_out(office, wanted)

    again = carried_out(office, wanted)

    assert (again.items, again.done) == (2, 2)
    with pytest.raises(BatchKeyReusedError):
        acting.begin(office.company, Order(wanted.key, "retry", wanted.tasks, "anna", "x"))
    assert str(acting.go_on(office.company, wanted.key, "ben")) == "there is no such batch of yours"
    assert str(acting.find(office.company, key(), "anna")) == "there is no such batch of yours"


def test_what_broke_off_goes_on_where_it_stopped(office: Office) -> None:
    wanted = order(held(office, 3))
    acting.begin(office.company, wanted)

    one = acting.go_on(office.company, wanted.key, "anna", seconds=0)

    assert isinstance(one, Batch)
    assert (one.done, one.left) == (1, 2)
    (unfinished,) = read_unfinished(office.company.database, "anna")
    assert (unfinished.id, unfinished.left) == (wanted.key, 2)
    at_once(4, lambda _: acting.go_on(office.company, wanted.key, "anna", seconds=60))
    found = acting.find(office.company, wanted.key, "anna")
    assert isinstance(found, Batch)
    assert (found.done, found.left) == (3, 0)
    assert read_unfinished(office.company.database, "anna") == ()
    for task in wanted.tasks:
        kinds = office.scalar(
            "SELECT count(*) FROM event WHERE kind = 'resolved' AND case_id ="
            " (SELECT case_id FROM task WHERE id = %s)",
            task,
        )
        assert kinds == 1
    assert faults(office) == []


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Order(key(), "retry", (), "anna", "x"), "nothing was chosen: choose what is to be acted on"),
        (Order(key(), "retry", (key(),), "anna", " "), "acting on many needs a reason: it stands in the history of each case"),
        (Order(key(), "burn", (key(),), "anna", "x"), "there is no act `burn`: possible are `retry`, `give-up`, and `end/` with the id of an ending"),
        (Order(key(), "end/", (key(),), "anna", "x"), "there is no act `end/`: possible are `retry`, `give-up`, and `end/` with the id of an ending"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_not_begun(office: Office, wanted: Order, words: str) -> None:
    assert str(acting.begin(office.company, wanted)) == words
    assert str(acting.find(office.company, wanted.key, "anna")) == "there is no such batch of yours"


def test_an_act_is_looked_at_before_it_is_done(office: Office) -> None:
    (task,) = held(office, 1)
    open_work = office.task(office.start(), "examine")
    gone = str(key())

    resumed, refused, missing = look(office.company, order([task, open_work, gone]))
    (completed,) = look(office.company, order([task], "end/solved"))

    assert (resumed.step, resumed.comes_to, resumed.refusal) == ("examine", (), None)
    assert str(refused.refusal) == "`examine` is not suspended"
    assert str(missing.refusal).startswith("this work is no longer open")
    assert completed.comes_to == () or "approve" in completed.comes_to
    kinds = office.scalar(
        "SELECT array_agg(kind ORDER BY seq) FROM event WHERE case_id ="
        " (SELECT case_id FROM task WHERE id = %s)",
        task,
    )
    assert kinds == ["started", "raised"], "looking writes nothing"


def test_what_is_in_trouble_is_grouped_filtered_and_counted(office: Office) -> None:
    (task,) = held(office, 1)
    before = read(office, "anna")
    (group,) = [each for each in before.groups if each.kind == "info-missing"]

    assert (group.title, group.workflow, group.cause) == ("Information is missing", "claim", "")
    assert group.count == before.mine == before.page.total
    assert ("answered", "Answered") in group.endings
    assert read(office, "anna", Sought(kind="delayed")).mine == 0
    assert read(office, "anna", Sought(workflow="nothing")).groups == ()
    assert read(office, "carl").mine == 0
    assert read(office, "carl", Sought(mine=False)).page.total == before.all
    office.do(Resolve(task, "answered"), "anna")
    assert read(office, "anna").mine == before.mine - 1


def test_all_that_match_are_the_readers_own_and_no_more_than_a_batch_holds(office: Office) -> None:
    held(office, 2)
    database, program = office.company.database, office.company.active()

    tasks, total = own_ids(database, program, "anna", Sought(), limit=1)

    assert len(tasks) == 1
    assert total == read(office, "anna").mine
    assert own_ids(database, program, "carl", Sought(), limit=10) == ((), 0)
    wanted = Order(key(), ANSWERED, tasks, "anna", "x", chosen=total)
    assert carried_out(office, wanted).chosen == total


def test_work_that_goes_on_is_no_exception(office: Office) -> None:
    case = office.start()
    before = read(office, "anna", Sought(mine=False)).all

    office.do(Complete(office.task(case, "examine"), {"report": "x"}), "anna")

    assert read(office, "anna", Sought(mine=False)).all == before
