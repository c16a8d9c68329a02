"""Work is shared out among processes, and nobody can tell but by the clock."""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from cProfile import Profile

import pytest

from kingpost.checks import check
from kingpost.cli.checking import sharing
from kingpost.cli.checking.packing import packed
from kingpost.cli.checking.sharing import Beside, shared_out
from kingpost.cli.findings import SHARED_MIN, CheckAndVersion
from kingpost.expressions import YesNoType
from kingpost.model.content import version
from kingpost.notation import read_model
from kingpost.values.diagnostic import Place
from tests.checks.words import SOUND

MANY = range(100)
HERE = os.getpid()

several = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork" or len(os.sched_getaffinity(0)) == 1,
    reason="there is one processor, or processes cannot be forked",
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do as if no other test had left a thread, such as that of a pool of connections."""
    others = threading.active_count() - 1
    monkeypatch.setattr(sharing, "active_count", lambda: threading.active_count() - others)


@pytest.fixture(autouse=True)
def nothing_stays_behind() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def test_results_come_in_the_order_of_the_things() -> None:
    assert list(shared_out(str, MANY)) == list(map(str, MANY))


@several
def test_many_things_are_done_in_several_processes() -> None:
    def who(_: int) -> int:
        time.sleep(0.01)
        return os.getpid()

    assert len(set(shared_out(who, MANY))) > 1


@several
def test_who_is_ready_takes_the_next_thing() -> None:
    def who(one: int) -> int:
        time.sleep(1.0 if one == 0 else 0.01)
        return os.getpid()

    slow, *others = shared_out(who, range(20))

    assert set(others) - {slow}
    assert others.count(slow) < len(others) / 2


def test_more_things_than_a_queue_holds_come_in_order_too() -> None:
    every = range(5000)

    assert list(shared_out(str, every)) == list(map(str, every))


def test_one_thing_is_done_here() -> None:
    assert set(shared_out(lambda _: os.getpid(), range(1))) == {HERE}


def test_beside_another_thread_everything_is_done_here() -> None:
    ready = threading.Event()
    other = threading.Thread(target=ready.wait)
    other.start()
    try:
        assert set(shared_out(lambda _: os.getpid(), MANY)) == {HERE}
    finally:
        ready.set()
        other.join()


@pytest.mark.parametrize("number", [0, 1])
def test_an_error_is_raised_whichever_process_met_it(number: int) -> None:
    def fail(one: int) -> int:
        if one == number:
            raise ValueError(f"not {one}")
        return one

    with pytest.raises(ValueError, match=f"^not {number}$"):
        list(shared_out(fail, MANY))


@several
def test_what_a_process_does_not_hand_back_is_done_here() -> None:
    def die(one: int) -> int:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return one

    assert list(shared_out(die, MANY)) == list(MANY)


@several
def test_when_the_work_is_stopped_no_process_goes_on() -> None:
    def stop(one: int) -> int:
        if os.getpid() == HERE:
            raise KeyboardInterrupt
        signal.pause()
        return one

    with pytest.raises(KeyboardInterrupt):
        list(shared_out(stop, MANY))


def test_something_else_is_done_once_beside_many_things() -> None:
    done: list[str] = []
    each = Beside(lambda: done.append("else") or os.getpid())

    assert list(each(str, MANY)) == list(map(str, MANY))
    assert each.found is not None
    first = each.found
    assert list(each(str, range(3))) == ["0", "1", "2"]
    assert each.found == first


def test_a_shared_check_finds_what_a_check_finds() -> None:
    head, rest = SOUND.split("workflows:\n  claim:\n")
    workflow, tail = rest.split("\nobjectives:")
    turning = "[{when: 'claim.kind = \"fire\"', go: letter}, {else: done}]"
    letter = "task: Write, role: clerk, then: "
    copy = workflow.replace(f"{letter}done", f"{letter}{turning}")
    copies = "".join(f"  copy-{number}:\n{copy}\n" for number in range(SHARED_MIN))
    text = f"{head}workflows:\n  claim:\n{workflow}\n{copies}\nobjectives:{tail}"
    model = read_model({"kingpost.yaml": text}).model
    assert model is not None

    found = check(model)

    assert "KP0528" in {item.code for item in found}
    shared = CheckAndVersion()
    assert tuple(shared(model)) == found
    assert shared.version == version(model)


@pytest.mark.parametrize(
    "value",
    [
        read_model({"model.yaml": SOUND}).model,
        Place("claims.yaml", 3, 7),
        (YesNoType(), {"one": frozenset({"two"})}, None),
    ],
    ids=["a model", "a place", "no member at all"],
)
def test_what_another_process_packs_is_the_same_when_it_is_unpacked(value: object) -> None:
    assert pickle.loads(packed(value)) == value


def test_a_frozen_value_is_packed_in_fewer_steps_than_it_packs_itself() -> None:
    model = read_model({"model.yaml": SOUND}).model
    pickle.loads(packed(model))

    def calls(pack: Callable[[object], bytes]) -> int:
        profile = Profile()
        assert profile.runcall(lambda: pickle.loads(pack(model))) == model
        return sum(entry.callcount for entry in profile.getstats())

    assert calls(packed) < calls(pickle.dumps)
