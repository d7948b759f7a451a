"""`rep ask`."""

from __future__ import annotations

from typing import Annotated

import typer

from integrations.commands.options import As, At, Json, Product, chosen_home, command_app, write_json

app = command_app()


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question.")],
    as_: As,
    product: Product = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Ask one question of approved content; every sentence of the answer says where it stands."""
    from integrations.answer_json import answer_json
    from integrations.bootstrap import open_assistant

    application = open_assistant(chosen_home(context), at).application
    principal = application.identify.by_email(as_)
    answer = application.ask.ask(principal, question, (), product)
    if as_json:
        write_json(answer_json(answer))
        return
    from rich.console import Console

    from integrations.terminal import show_answer

    show_answer(Console(), answer)
