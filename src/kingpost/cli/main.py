"""The command line as one application."""

import logging

import typer

from kingpost.cli.checking import check_command, load_command
from kingpost.cli.demo import demo_command
from kingpost.cli.importing import import_command
from kingpost.cli.people import people
from kingpost.cli.serve import serve_command, worker_command
from kingpost.cli.verifying import verify_command

app = typer.Typer(
    help="Kingpost: a company's execution model, checked like code, and run.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,
)
app.command("check")(check_command)
app.command("load")(load_command)
app.add_typer(people, name="people")
app.command("import")(import_command)
app.command("serve")(serve_command)
app.command("worker")(worker_command)
app.command("verify")(verify_command)
app.command("demo")(demo_command)


def main() -> None:
    """Run the command line."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()
