"""Arguments that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

HOST = "127.0.0.1"
PORT = 8321

ModelFolder = Annotated[
    Path, typer.Argument(help="The folder of the model.", exists=True, file_okay=False)
]
DataFolder = Annotated[
    Path | None, typer.Option("--data", help="The folder of the embedded database.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
