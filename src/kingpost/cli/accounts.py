"""Accounts of an example company that anybody may try."""

import csv
from pathlib import Path

from kingpost.model.model import Model
from kingpost.web.pages.sign_in import DemoAccount


def read_demo_accounts(file: Path, model: Model) -> tuple[DemoAccount, ...]:
    """Read a CSV of person, name and post."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(
        DemoAccount(row["person"], row["name"], model.posts[row["post"]].title) for row in rows
    )
