"""Small workflows to be proven, and their proof."""

from kingpost.checks.conditions import Scopes
from kingpost.checks.soundness.authority import read_authority
from kingpost.checks.soundness.plan import make_plan, read_stages
from kingpost.checks.soundness.proof import Stop, prove
from kingpost.model.model import Model
from tests.checks.words import read

COMPANY = """\
kingpost: 1
company: Small
timezone: Europe/Lisbon
calendars: {{always: {{hours: always}}}}
units: {{all: {{calendar: always}}}}
roles: {{clerk: {{}}, judge: {{}}}}
posts:
  top:    {{unit: all, roles: [judge], vacancy: holds, authority: [{top}]}}
  middle: {{unit: all, roles: [judge], reports-to: top, vacancy: holds, authority: [{middle}]}}
  desk:   {{unit: all, roles: [clerk], reports-to: middle, vacancy: holds}}
objects:
  thing:
    custodian: top
    fields: {{amount: {{type: integer}}, urgent: {{type: yes/no}}}}
    states:
      new: {{begin: true{new}}}
      open: {{title: Open{open}}}
      held: {{}}
      shut: {{end: true}}
    moves: [{moves}]
rules:
  weigh: {{object: thing, value: 'if thing.urgent = true then 9 else {weight}', outputs: [amount]}}
workflows:
  flow:
    object: thing
    owner: top
    prefix: FLO
    begins: {{form: [{form}], roles: [clerk]}}
    steps:
{steps}
    exceptions: {{{exceptions}}}
"""


def with_steps(steps: str, *, always: str = "", weight: str = "1") -> Model:
    return read(
        COMPANY.format(
            top="",
            middle="",
            new="",
            open=always,
            moves='"new -> open", "open -> shut", "new -> shut"',
            weight=weight,
            form="",
            steps=steps,
            exceptions="",
        )
    )


def proven(model: Model) -> tuple[Stop, ...]:
    workflow = model.workflows["flow"]
    authority, stages = read_authority(model), read_stages(model)
    return prove(make_plan(model, workflow, authority, stages, Scopes(model).of_case(workflow)))
