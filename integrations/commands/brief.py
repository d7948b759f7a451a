"""`rep brief`."""

from __future__ import annotations

from typing import Annotated

import typer

from integrations.commands.options import As, At, Json, chosen_home, command_app, write_json

app = command_app()


@app.command()
def brief(
    context: typer.Context,
    customer: Annotated[str, typer.Argument(help='Whom you are about to see: "Dr. Chen", an identifier or an id.')],
    as_: As,
    at: At = None,
    more: Annotated[bool, typer.Option("--more", help="Everything, with sources, not just the first screen.")] = False,
    as_json: Json = False,
) -> None:
    """What to know before a call: who, what to mind, promises, what they think, what to bring and ask."""
    from integrations.bootstrap import open_assistant
    from integrations.customer_json import brief_json

    application = open_assistant(chosen_home(context), at).application
    made = application.brief.brief(application.identify.by_email(as_), customer)
    if as_json:
        write_json(brief_json(made))
        return
    from rich.console import Console

    from integrations.terminal_brief import show_brief

    show_brief(Console(), made, everything=more)
