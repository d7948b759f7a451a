"""`rep chat`."""

from __future__ import annotations

import sys

import typer

from integrations.commands.options import As, At, Product, chosen_home, command_app

app = command_app()


@app.command()
def chat(context: typer.Context, as_: As, product: Product = None, at: At = None) -> None:
    """A conversation: a question a line, until the end of input or /quit."""
    from integrations.bootstrap import open_assistant
    from integrations.chat import Chat

    assistant = open_assistant(chosen_home(context), at)
    Chat(assistant, assistant.application.identify.by_email(as_), product).run(sys.stdin)
