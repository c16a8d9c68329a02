"""The page about rules: what it shows is sound, and says what it says that it says."""

import re
from pathlib import Path

from kingpost.checks import check
from tests.checks.words import read, said

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
COMPANY = """\
kingpost: 1
company: Northwind Lending
timezone: Europe/Amsterdam
currency: EUR
calendars: {office: {hours: always}}
units: {lending: {calendar: office}}
posts: {head: {unit: lending, vacancy: holds}}
governance: [{part: "*", custodian: head}]
objects:
  application:
    custodian: head
    fields:
      amount: {type: money}
      income: {type: money}
      term:   {type: integer}
      score:  {type: integer}
    states: {new: {begin: true}, done: {end: true}}
    moves: [new -> done]
"""


def shown() -> str:
    """Return the rules of the page, with the tests that belong to the first of them."""
    table, others, terms, tests = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return f"{COMPANY}{table}{tests}{others}{terms}"


def told(text: str) -> list[str]:
    return [words for words in said(check(read(text))) if "KP0607" not in words[:7]]


def test_the_rules_of_the_page_are_sound() -> None:
    assert [words for words in told(shown()) if "KP06" in words] == []


def test_the_gap_of_the_page_is_found() -> None:
    once = shown().replace("[500..700)", "(500..700)")

    assert "no row of rule `risk-band` answers when `score` is `500`" in "\n".join(told(once))


def test_a_test_of_the_page_fails_as_it_says() -> None:
    other = shown().replace('- [">= 700",     "<= 3", low,', '- [">= 700",     "<= 1", low,')
    other = other.replace('- [">= 700",     "> 3", ', '- [">= 700",     "> 1", ')

    assert "expected `low`, and it is `medium`: row 2 answers" in "\n".join(told(other))
