"""The proof of soundness against force: random small workflows, and every case of each.

What is proven sound never strands a case; what is found for certain really happens.
"""

from random import Random  # noqa: TID251 - of hypothesis

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.checks.proofs.force import Held, hold_against_force
from tests.checks.proofs.generated import small_model

HEALTHY = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
COMPARED = {Held.SOUND, Held.UNSOUND}


@given(random=st.randoms())
@settings(max_examples=10, deadline=None, suppress_health_check=HEALTHY)
def test_what_is_proven_holds_for_every_case(random: Random) -> None:
    assume(hold_against_force(small_model(random)) in COMPARED)


@pytest.mark.slow
@given(random=st.randoms())
@settings(max_examples=150, deadline=None, suppress_health_check=HEALTHY)
def test_what_is_proven_holds_for_every_case_of_many_workflows(random: Random) -> None:
    assume(hold_against_force(small_model(random)) in COMPARED)
