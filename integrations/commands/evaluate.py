"""`rep eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from integrations.commands.options import At, Json, chosen_home, command_app, write_json, write_text

app = command_app()


@app.command(name="eval")
def evaluate(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ask|triage|capture|guard", help="What to score.")],
    data: Annotated[Path | None, typer.Option("--data", help="Records with known answers, as JSON lines.")] = None,
    as_: Annotated[str, typer.Option("--as", help="Whose eyes to look through: an address on the roster.")] = "",
    product: Annotated[bool, typer.Option("--product", help="Give each record's product as what it is about.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Score against records with known answers: every miss, then the figures."""
    from assistant.errors import BadRequest
    from integrations.bootstrap import open_assistant
    from integrations.evals import EVALS, EvalRequest, load_eval

    scorer = load_eval(what)
    if scorer is None:
        raise BadRequest(f"there is nothing to score {what!r} with; there is: {', '.join(EVALS) or 'none'}")
    if data is not None and not data.is_file():
        raise BadRequest(f"{data} is not there; name a file of JSON lines with --data")
    report = scorer(EvalRequest(open_assistant(chosen_home(context), at), as_, data, product))
    if as_json:
        write_json({"figures": report.figures, "misses": list(report.misses)})
        return
    for miss in report.misses:
        write_text("  ".join(f"{name}: {value}" for name, value in miss.items()))
    for name, value in report.figures.items():
        write_text(f"{name}: {value}")
