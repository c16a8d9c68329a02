"""Run the stories that a company tells about its model, and say how much of it they cover."""

from kingpost.scenarios.coverage import Covered, Share, coverage, shares
from kingpost.scenarios.running import Result, run_scenario, run_scenarios

__all__ = ["Covered", "Result", "Share", "coverage", "run_scenario", "run_scenarios", "shares"]
