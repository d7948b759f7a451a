"""`rep doctor`."""

from __future__ import annotations

import typer

from integrations.commands.options import Json, chosen_home, command_app, write_json, write_text

app = command_app()

_MARKS = {"ok": "✓", "note": "·", "fault": "✗"}


@app.command()
def doctor(context: typer.Context, as_json: Json = False) -> None:
    """What is configured, what answers, what is missing, in plain words. Exit code 1 on a fault."""
    from integrations.doctor import examine
    from integrations.home import default_home

    findings = examine((chosen_home(context) or default_home()).expanduser().absolute())
    if as_json:
        write_json([{"check": found.check, "state": found.state.value, "text": found.text} for found in findings])
    else:
        for found in findings:
            write_text(f"{_MARKS[found.state.value]} {found.check}: {found.text}")
    raise typer.Exit(1 if any(found.state.value == "fault" for found in findings) else 0)
