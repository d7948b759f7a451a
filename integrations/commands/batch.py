"""`rep batch`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from integrations.commands.options import As, At, Json, chosen_home, command_app, to_json

app = command_app()


@app.command()
def batch(
    context: typer.Context,
    as_: As,
    at: At = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="Work on this many lines at once.")] = 1,
    record: Annotated[
        bool, typer.Option("--record", help="Write what the lines call for; without it nothing is.")
    ] = False,
    as_json: Json = False,  # noqa: ARG001  read from the command line itself when an error is written
) -> None:
    """Answer JSON lines from stdin on stdout: one out for each in, in order. Exit code 1 when any line failed."""
    from integrations.batch import LineWorker, read_lines
    from integrations.batch_jobs import answer_all
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context), at)
    worker = LineWorker(assistant, as_, record=record)
    failed = False
    out = sys.stdout.buffer
    for result in answer_all(worker, read_lines(sys.stdin.buffer), jobs):
        failed = failed or "error" in result
        out.write(to_json(result) + b"\n")
        out.flush()
    if record:
        # Workers are processes of their own; what they opened is found by its rows.
        assistant.finish_work(sweep=True)
    raise typer.Exit(1 if failed else 0)
