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
    more: Annotated[bool, typer.Option("--more", help="Everything; nothing is folded.")] = False,
    as_json: Json = False,
) -> None:
    """Ask one question of approved content; every sentence of the answer says where it stands."""
    from integrations.answer_json import answer_json
    from integrations.bootstrap import open_assistant
    from integrations.receiving import receive_typed

    assistant = open_assistant(chosen_home(context), at)
    opened = receive_typed(assistant, as_, question)
    try:
        principal = assistant.application.identify.by_email(as_)
        answer = assistant.application.ask.ask(principal, question, (), product)
        if as_json:
            write_json(answer_json(answer))
        else:
            from rich.console import Console

            from integrations.terminal import AnswerView
            from integrations.terminal_receipts import show_receipts

            AnswerView(Console()).show(answer, everything=more)
            show_receipts(Console(), opened, answer.language, assistant.clock.now())
    finally:
        assistant.finish_work()
