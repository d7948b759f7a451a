"""`rep serve`."""

from __future__ import annotations

import typer

from integrations.commands.options import Json, chosen_home, command_app

app = command_app()

# A surface is a module with `run(assistant)`, and a check that says whether a home is set up for it.
SURFACES: dict[str, str] = {}


@app.command()
def serve(context: typer.Context, as_json: Json = False) -> None:  # noqa: ARG001  read when an error is written
    """Run every surface that is configured, and the durable work, until stopped."""
    from assistant.errors import BadRequest
    from integrations.bootstrap import open_assistant

    open_assistant(chosen_home(context))
    if not SURFACES:
        raise BadRequest("no surface is configured to serve; use rep ask, rep chat or rep batch", code="no_surface")
