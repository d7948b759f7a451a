"""`rep serve`."""

from __future__ import annotations

import typer

from integrations.commands.options import Json, chosen_home, command_app

app = command_app()


@app.command()
def serve(context: typer.Context, as_json: Json = False) -> None:  # noqa: ARG001  read when an error is written
    """Run every surface that is configured, and the durable work, until stopped."""
    import signal
    from threading import Event

    from integrations.bootstrap import open_assistant
    from integrations.work_runner import working

    assistant = open_assistant(chosen_home(context))
    stopped = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with working(assistant):
        typer.echo("Doing the durable work of this home; stop with Ctrl-C.", err=True)
        stopped.wait()
    assistant.close()
