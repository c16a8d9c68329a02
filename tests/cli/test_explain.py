"""`kingpost explain`: the page about a finding."""

from tests.cli.program import run


def test_the_page_about_a_finding_is_printed() -> None:
    answer = run("explain", "kp0526")

    assert answer.status == 0
    assert answer.out.startswith("# KP0526: Nobody may take an outcome of a decision")
    assert "## Wrong" in answer.out
    assert "## Right" in answer.out


def test_a_code_that_is_not_there_is_answered_with_the_nearest() -> None:
    answer = run("explain", "KP0526O")

    assert answer.status == 1
    assert answer.err == "there is no finding `KP0526O`. Write `KP0526`.\n"
