"""`rep demo`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import typer

from integrations.commands.options import chosen_home, command_app, complain_of, progress_bar, write_text

app = command_app()

DEMO_HOME = Path(".demo")


@app.command()
def demo(context: typer.Context) -> None:
    """The sample company in the terminal: a conversation, or without a terminal a short scripted morning."""
    started = time.monotonic()
    from integrations.bootstrap import open_assistant
    from integrations.demo import converse, play
    from integrations.initialise import initialise, load_sample

    home = (chosen_home(context) or DEMO_HOME).expanduser().absolute()
    if initialise(home):
        write_text(f"Making a home with the sample company in {home} ...")
    assistant = open_assistant(home)
    with progress_bar() as progress:
        loaded = load_sample(assistant, progress)
    complain_of(loaded.faults, as_json=False)
    write_text(
        f"Meridale Therapeutics: {loaded.documents} documents, {loaded.people} people, {loaded.customers} customers; "
        f"ready in {time.monotonic() - started:.0f} s\n"
    )
    failed = 0
    if sys.stdin.isatty():
        converse(assistant)
    else:
        failed = play(assistant)
    raise typer.Exit(1 if loaded.faults or failed else 0)
