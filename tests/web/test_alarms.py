"""Alarms on the page of posts and people, and their number for those who may end them."""

import re

from kingpost.engine import register
from kingpost.engine.register import Appointment
from tests.web.meridian import LONG_AGO, Meridian, visit

MARK = '<span class="count alarm">3<span class="unseen"> alarms</span></span>'


def words(html: str) -> str:
    """Return the words of the section of alarms, one cell a line."""
    section = html.partition('id="alarms"')[2].partition("</section>")[0].partition(">")[2]
    return "\n".join(filter(None, (word.strip() for word in re.split(r"<[^>]*>", section))))


def test_alarms_stand_on_the_page_until_somebody_is_appointed(
    meridian: Meridian, address: str
) -> None:
    with visit(meridian, address, "hugo") as head, visit(meridian, address, "gil") as gil:
        page = head.get("/org").text

        assert words(page) == (
            "Alarms\nAlarms\nAbout\nWhat is wrong\nSince\nWhom it concerns\nWhat to do\n"
            "Change board\nVacant\n"
            "Nobody ever held “Change board”, and nobody stands in for it. "
            "It is needed for “May it be changed at once?”.\n"
            "Never held\nHead of IT services\n"
            "Appoint somebody to it, or name in its vacancy policy a post that acts.\n"
            "Log reader\nVacant\n"
            "Nobody ever held “Log reader”, and “Problem manager”, which is to stand in, is empty, "
            "too. It is needed for “Gather what the logs say”.\n"
            "Never held\nProcess owner, incidents, Head of IT services\n"
            "Appoint somebody to it, or name in its vacancy policy a post that acts.\n"
            "Problem manager\nVacant\n"
            "Nobody ever held “Problem manager”, and nobody stands in for it. "
            "It is needed for “Find the cause” and “Log reader”.\n"
            "Never held\nProcess owner, incidents, Head of IT services\n"
            "Appoint somebody to it, or name in its vacancy policy a post that acts."
        )
        assert 'href="/org/posts/change-board">Change board</a><span class="note">Vacant' in page
        # Everybody who works here may see them; the number is for those who may end them.
        assert MARK in head.get("/work").text
        assert words(gil.get("/org").text) == words(page)
        assert "count alarm" not in gil.get("/work").text

        wishes = [
            Appointment("gwen", post, LONG_AGO) for post in ("change-board", "problem-manager")
        ]
        register.appoint(meridian.company, wishes, by="test")

        assert words(head.get("/org").text) == (
            "Alarms\nNo alarm\n"
            "Every post that has something to do is filled, and all work reaches somebody."
        )
        assert "count alarm" not in head.get("/work").text
