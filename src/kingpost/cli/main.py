"""The command line as one application."""

import logging
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class _Offered(NamedTuple):
    """A command, which is imported when it is run.

    `check`, which authors run at every change, does not wait for the web server and the database
    driver of the others, and `--help` waits for nothing.

    place: its module in `kingpost.cli.commands`, and its name there.
    about: the first paragraph of its own help.
    """

    place: str
    about: str


# In the order of the work.
COMMANDS: Mapping[str, _Offered] = {
    "new": _Offered(
        "founding:new_command",
        "Begin a company from a template: sound, with its scenarios, to be changed into yours.",
    ),
    "check": _Offered(
        "checking:check_command",
        "Check a model and print everything that is wrong with it.",
    ),
    "format": _Offered(
        "formatting:format_command",
        "Put files into the house style. What every file says, and its comments, stay the same.",
    ),
    "explain": _Offered(
        "explaining:explain_command",
        "Print the page about a finding: its meaning, a wrong and a right example.",
    ),
    "schema": _Offered(
        "looking.schema:schema_command",
        "Print the JSON Schema of the language, by which editors complete and explain a model.",
    ),
    "show": _Offered(
        "looking.showing:show_command",
        "Show a part of a model: what it says, what it names, what names it, and what it is for.",
    ),
    "try": _Offered(
        "looking.trying:try_command",
        "Try a rule on values: what it answers, and which row makes the answer.",
    ),
    "test": _Offered(
        "testing:run_tests",
        "Run the scenarios of a model: each must come out as it is told.",
    ),
    "diff": _Offered(
        "looking.differing:diff_command",
        "Tell what is different between two models, in sentences, by element.",
    ),
    "graph": _Offered(
        "looking.drawing:graph_command",
        "Draw a part of a model as SVG, light and dark, for screen and paper.",
    ),
    "docs": _Offered(
        "looking.publishing:docs_command",
        "Publish a company as a readable site: streams, workflows with their maps, posts, duties.",
    ),
    "load": _Offered(
        "loading:load_command",
        "Check a model and let it take effect; live cases go over to it by a policy.",
    ),
    "versions": _Offered(
        "changing.listing:versions_command",
        "List the versions of the model that took effect, the one that runs first.",
    ),
    "drift": _Offered(
        "changing.drifting:drift_command",
        "Tell where the files of a model differ from the company that runs, in sentences.",
    ),
    "plan": _Offered(
        "changing.planning:plan_command",
        "Tell what a change would do to the company that runs, and who must agree to it.",
    ),
    "plans": _Offered(
        "changing.plans:plans_command",
        "List the plans that were saved, the latest first; or show one as it was saved.",
    ),
    "apply": _Offered(
        "changing.plans:apply_command",
        "Apply a plan just as it was saved; live cases go over as it says.",
    ),
    "propose": _Offered(
        "changing.proposing:propose_command",
        "Propose a change: plan it, keep that, and ask those who must approve it.",
    ),
    "approve": _Offered(
        "changing.proposing:approve_command",
        "Approve a change that was proposed, for every post that is asked and that you answer for.",
    ),
    "reject": _Offered(
        "changing.proposing:reject_command",
        "Reject a change that was proposed; it ends when what it needs cannot be reached any more.",
    ),
    "withdraw": _Offered(
        "changing.proposing:withdraw_command",
        "Withdraw a change that you proposed; it is not applied.",
    ),
    "comment": _Offered(
        "changing.proposing:comment_command",
        "Say something to a change that was proposed; it stands in its history.",
    ),
    "carry": _Offered(
        "changing.carrying:carry_command",
        "Decide of a live case that asks, or stayed, whether and where it goes over.",
    ),
    "receipt": _Offered(
        "operating.receipting:receipt_command",
        "Tell what was applied, to which live cases, and what came of each.",
    ),
    "people": _Offered("people:people", "People, the posts they hold, and their accounts."),
    "who": _Offered(
        "looking.answering:who_command",
        "Tell who was accountable for something on a day, by what is, or was then, on record.",
    ),
    "succession": _Offered(
        "looking.succeeding:succession_command",
        "Tell what somebody who takes over a post takes over: work, decisions, duties,"
        " expectations.",
    ),
    "import": _Offered(
        "exchange.importing:import_command",
        "Import an event log. Interrupt it at any time; the same command goes on where it stopped.",
    ),
    "bpmn": _Offered("exchange.bpmn:bpmn", "Read and write processes of BPMN 2.0."),
    "dmn": _Offered("exchange.dmn:dmn", "Read, run and rewrite decision models (DMN)."),
    "serve": _Offered("serving:serve_command", "Serve the pages and, under `/api/v1`, the API."),
    "worker": _Offered(
        "working:worker_command",
        "Do what is due, until interrupted. Any number of workers may run.",
    ),
    "calls": _Offered("operating.calling:calls", "Calls to other systems: what is in trouble."),
    "exceptions": _Offered(
        "operating.excepting:exceptions",
        "What holds work up, and acting on it.",
    ),
    "messages": _Offered("operating.hearing:messages", "Messages that wait for their case."),
    "repair": _Offered(
        "operating.repairing:repairs",
        "Put a case right: one person proposes, another one confirms.",
    ),
    "override": _Offered(
        "operating.overriding:overrides",
        "Go beyond an authority: one person asks, another confirms, a third reviews.",
    ),
    "alarms": _Offered(
        "operating.alarming:alarms_command",
        "List the posts that stand empty with something to do, and work that reaches nobody.",
    ),
    "verify": _Offered(
        "operating.verifying:verify_command",
        "Walk every chain, fold every history and compare with the rows. Exit 1 on any fault.",
    ),
    "demo": _Offered(
        "demo:demo_command",
        "Run the example company: load it, import its history, serve it, and let the work go on.",
    ),
}


class Commands(TyperGroup):
    """The commands, each imported when it is run; and how each says what went wrong."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - Typer's signature
        """List every command by what is said about it."""
        super().__init__(**attributes)
        for name, offered in COMMANDS.items():
            self.add_command(TyperCommand(name, help=offered.about))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as in Typer
        """Import the command that is to be run; for a name that is none the nearest is offered."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, imported(name) if name else None, rest

    def invoke(self, ctx: Any) -> object:  # noqa: ANN401 - Typer does not name its class in public
        """Run the command; an error that people can do something about is told without a trace."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            from kingpost.cli.failures import explain  # noqa: PLC0415 - it knows every floor

            words = explain(error)
            if words is None:
                raise
            typer.echo(words, err=True)
            raise typer.Exit(1) from None


def module_of(name: str) -> str:
    """Return the module of a command."""
    return f"kingpost.cli.commands.{COMMANDS[name].place.partition(':')[0]}"


def imported(name: str) -> TyperCommand | TyperGroup:
    """Return a command, ready to be run."""
    parts = getattr(import_module(module_of(name)), COMMANDS[name].place.partition(":")[2])
    if isinstance(parts, typer.Typer):
        built = typer.main.get_group(parts)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name)(parts)
        built = typer.main.get_command(single)
    assert isinstance(built, TyperCommand | TyperGroup), "Typer builds nothing else"
    built.name = name
    return built


app = typer.Typer(
    cls=Commands,
    help="Kingpost: a company's execution model, checked like code, and run.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - a callback of Typer
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - it takes longer than a command

        typer.echo(f"kingpost {version('kingpost')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _: Annotated[
        bool,
        typer.Option("--version", help="Tell the version.", callback=_tell_version, is_eager=True),
    ] = False,
) -> None:
    """Take what stands before the command."""


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()
