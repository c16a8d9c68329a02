"""`kingpost alarms`: posts that stand empty, and work that reaches nobody."""

from collections.abc import Iterator
from datetime import datetime

import typer
from pydantic import TypeAdapter

from kingpost.cli.columns import count
from kingpost.cli.options import AsJson, DataFolder
from kingpost.cli.settings import open_database, read_settings
from kingpost.engine.company import Company
from kingpost.queries.alarms.alarm import Alarm, AlarmKind, Alarms
from kingpost.queries.alarms.reading import read_alarms

NONE = "No alarm: every post that has something to do is filled, and all work reaches somebody."


def alarms_command(*, as_json: AsJson = False, data: DataFolder = None) -> None:
    """List the posts that stand empty with something to do, and work that reaches nobody.

    The status is 1 when there is an alarm.
    """
    with open_database(read_settings(data), connections=2) as database:
        company = Company(database)
        found = read_alarms(database, company.active(), company.program)
    if as_json:
        typer.echo(TypeAdapter(Alarms).dump_json(found, indent=2).decode())
    elif not found.alarms:
        typer.echo(NONE)
    else:
        for alarm in found.alarms:
            typer.echo("\n".join(_lines(alarm)))
        typer.echo(f"{count(len(found.alarms), 'alarm')}.")
    if found.alarms:
        raise typer.Exit(1)


def _lines(alarm: Alarm) -> Iterator[str]:
    yield f"{alarm.kind.value} {alarm.address}{_time(alarm)}"
    yield f"    {alarm.what}"
    if alarm.numbers:
        rest = alarm.work - len(alarm.numbers)
        yield f"    {', '.join(alarm.numbers)}{f' and {rest:,} more' if rest else ''}"
    yield f"    {alarm.remedy}"
    # Without anybody above, the register is kept from outside.
    yield f"    For: {', '.join(alarm.concerns) or 'whoever keeps the register'}"


def _time(alarm: Alarm) -> str:
    if alarm.since is None:
        return ""
    opened = ", oldest from" if alarm.kind not in {AlarmKind.VACANT, AlarmKind.AWAY} else " since"
    until = f" until {_moment(alarm.until)}" if alarm.until else ""
    return f"{opened} {_moment(alarm.since)}{until}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
