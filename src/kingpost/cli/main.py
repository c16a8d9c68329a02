"""The command line as one application."""

# ruff: noqa: PLC0415 - a command is imported when it is asked for, so that `check`, which authors
# run at every change, does not wait for the web server and the database driver of the others.

import logging
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Annotated, Any, TypeAlias

import typer
from typer.core import TyperCommand, TyperGroup

Parts: TypeAlias = Callable[..., None] | typer.Typer


def _new() -> Parts:
    from kingpost.cli.commands.founding import new_command

    return new_command


def _check() -> Parts:
    from kingpost.cli.commands.checking import check_command

    return check_command


def _format() -> Parts:
    from kingpost.cli.commands.formatting import format_command

    return format_command


def _explain() -> Parts:
    from kingpost.cli.commands.explaining import explain_command

    return explain_command


def _show() -> Parts:
    from kingpost.cli.commands.looking.showing import show_command

    return show_command


def _test() -> Parts:
    from kingpost.cli.commands.testing import run_tests

    return run_tests


def _diff() -> Parts:
    from kingpost.cli.commands.looking.differing import diff_command

    return diff_command


def _graph() -> Parts:
    from kingpost.cli.commands.looking.drawing import graph_command

    return graph_command


def _docs() -> Parts:
    from kingpost.cli.commands.looking.publishing import docs_command

    return docs_command


def _load() -> Parts:
    from kingpost.cli.commands.loading import load_command

    return load_command


def _versions() -> Parts:
    from kingpost.cli.commands.changing.listing import versions_command

    return versions_command


def _plan() -> Parts:
    from kingpost.cli.commands.changing.planning import plan_command

    return plan_command


def _drift() -> Parts:
    from kingpost.cli.commands.changing.drifting import drift_command

    return drift_command


def _carry() -> Parts:
    from kingpost.cli.commands.changing.carrying import carry_command

    return carry_command


def _people() -> Parts:
    from kingpost.cli.commands.people import people

    return people


def _who() -> Parts:
    from kingpost.cli.commands.looking.answering import who_command

    return who_command


def _succession() -> Parts:
    from kingpost.cli.commands.looking.succeeding import succession_command

    return succession_command


def _import() -> Parts:
    from kingpost.cli.commands.exchange.importing import import_command

    return import_command


def _bpmn() -> Parts:
    from kingpost.cli.commands.exchange.bpmn import bpmn

    return bpmn


def _dmn() -> Parts:
    from kingpost.cli.commands.exchange.dmn import dmn

    return dmn


def _serve() -> Parts:
    from kingpost.cli.commands.serving import serve_command

    return serve_command


def _worker() -> Parts:
    from kingpost.cli.commands.working import worker_command

    return worker_command


def _exceptions() -> Parts:
    from kingpost.cli.commands.operating.excepting import exceptions

    return exceptions


def _calls() -> Parts:
    from kingpost.cli.commands.operating.calling import calls

    return calls


def _repair() -> Parts:
    from kingpost.cli.commands.operating.repairing import repairs

    return repairs


def _override() -> Parts:
    from kingpost.cli.commands.operating.overriding import overrides

    return overrides


def _messages() -> Parts:
    from kingpost.cli.commands.operating.hearing import messages

    return messages


def _alarms() -> Parts:
    from kingpost.cli.commands.operating.alarming import alarms_command

    return alarms_command


def _receipt() -> Parts:
    from kingpost.cli.commands.operating.receipting import receipt_command

    return receipt_command


def _verify() -> Parts:
    from kingpost.cli.commands.operating.verifying import verify_command

    return verify_command


def _demo() -> Parts:
    from kingpost.cli.commands.demo import demo_command

    return demo_command


_COMMANDS: Mapping[str, Callable[[], Parts]] = {
    "new": _new,
    "check": _check,
    "format": _format,
    "explain": _explain,
    "show": _show,
    "test": _test,
    "diff": _diff,
    "graph": _graph,
    "docs": _docs,
    "load": _load,
    "versions": _versions,
    "drift": _drift,
    "plan": _plan,
    "carry": _carry,
    "receipt": _receipt,
    "people": _people,
    "who": _who,
    "succession": _succession,
    "import": _import,
    "bpmn": _bpmn,
    "dmn": _dmn,
    "serve": _serve,
    "worker": _worker,
    "calls": _calls,
    "exceptions": _exceptions,
    "messages": _messages,
    "repair": _repair,
    "override": _override,
    "alarms": _alarms,
    "verify": _verify,
    "demo": _demo,
}


class Commands(TyperGroup):
    """The commands, each imported when it is asked for; and how each says what went wrong."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - Typer's signature
        """Return the names in the order of the work."""
        return list(_COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | TyperGroup | None:
        """Import a command, or for a name that is not one, all, so that the nearest is offered."""
        if cmd_name not in _COMMANDS:
            for name in _COMMANDS:
                self.get_command(ctx, name)
            return None
        found = _built(cmd_name, _COMMANDS[cmd_name]())
        self.commands[cmd_name] = found
        return found

    def invoke(self, ctx: Any) -> object:  # noqa: ANN401 - Typer does not name its class in public
        """Run the command; an error that people can do something about is told without a trace."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            from kingpost.cli.failures import explain

            words = explain(error)
            if words is None:
                raise
            typer.echo(words, err=True)
            raise typer.Exit(1) from None


def _built(name: str, parts: Parts) -> TyperCommand | TyperGroup:
    if isinstance(parts, typer.Typer):
        built = typer.main.get_command(parts)
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
