"""A simulated company: the same seed has the same history, byte for byte, now and in later builds.

`kept_history.json` is such a history as an earlier build wrote it. Who changes on purpose what an
event holds renews it, before the first release: `python -m tests.decisions.keep_history`.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kingpost.proof.chain import check_chain
from kingpost.store.recording.news import write_position
from tests.decisions.keep_history import KEPT, SEED, STEPS
from tests.decisions.simulation import PROGRAM, Event, Kept, Simulation, folded

ROOT = Path(__file__).parents[2]
AGAIN = "from tests.decisions.simulation import Simulation; print(Simulation({}).run({}))"


def check(kept: Kept) -> None:
    """Recompute from the bytes what a case is, and that each task had one outcome."""
    links = [(event.header.encode(), event.body.encode()) for event in kept.events]
    assert check_chain(links, kept.case.head) is None
    assert folded(kept.first, kept.events) == kept.case
    changes = [change for event in kept.events for change in json.loads(event.body)["changes"]]
    left = Counter(change["token"] for change in changes if change["do"] == "leave")
    assert set(left.values()) <= {1}
    assert kept.case.is_closed == (not kept.case.tokens)


def test_whatever_races_and_gets_lost_every_case_is_what_its_events_say(
    size: Callable[[int], int],
) -> None:
    steps, counts = size(2_000), Counter[str]()
    for seed in range(-(-steps // 500)):
        simulation = Simulation(seed)
        simulation.run(500)
        for kept in simulation.kept:
            check(kept)
        counts.update(simulation.counts)

    # What never happens proves nothing.
    wanted = ["recorded", "stale", "known", "refused", "died", "set back"]
    wanted += ["completed", "decided", "raised", "resolved", "delivered", "expired"]
    assert {what: counts[what] for what in wanted if not counts[what]} == {}


def test_the_same_seed_has_the_same_history_in_every_process() -> None:
    """Also where sets and names come in another order."""
    here = Simulation(SEED).run(STEPS)

    elsewhere = [
        subprocess.run(
            [sys.executable, "-c", AGAIN.format(SEED, STEPS)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]

    assert elsewhere == [here, here]
    assert Simulation(SEED + 1).run(STEPS) != here


def test_a_kept_history_is_folded_to_the_state_that_it_had() -> None:
    kept = json.loads(KEPT.read_text())
    simulation = Simulation(SEED)
    simulation.run(STEPS)

    assert kept["model"] == PROGRAM.version
    for written, now in zip(kept["cases"], simulation.kept, strict=True):
        events = [Event(*event) for event in written["events"]]
        case = folded(now.first, events)
        assert json.loads(json.dumps(write_position(case))) == written["position"]
        assert dict(case.fields) == written["fields"]
        assert (case.state, case.version, case.head) == tuple(written["at"])


def test_the_same_commands_are_decided_to_the_very_bytes_that_were_kept() -> None:
    kept = json.loads(KEPT.read_text())
    simulation = Simulation(SEED)

    simulation.run(STEPS)

    for written, now in zip(kept["cases"], simulation.kept, strict=True):
        assert [[event.header, event.body] for event in now.events] == [
            event[:2] for event in written["events"]
        ]
