"""Keep the history of a simulation as this build writes it, for later builds to be held against."""

import json
from pathlib import Path

from kingpost.store.recording.news import write_position
from tests.decisions.simulation import PROGRAM, Simulation

KEPT = Path(__file__).parent / "kept_history.json"
SEED, STEPS = 11, 250


def main() -> None:
    """Write the file anew."""
    simulation = Simulation(SEED)
    simulation.run(STEPS)
    cases = [
        {
            "events": [[event.header, event.body, dict(event.secrets)] for event in kept.events],
            "position": write_position(kept.case),
            "fields": dict(kept.case.fields),
            "at": [kept.case.state, kept.case.version, kept.case.head],
        }
        for kept in simulation.kept
    ]
    whole = {"model": PROGRAM.version, "cases": cases}
    KEPT.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
