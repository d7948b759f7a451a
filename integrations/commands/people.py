"""`rep people`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from integrations.commands.options import Json, chosen_home, command_app, complain_of, show_rows, write_json

app = command_app(help="The roster: who may use the assistant.", no_args_is_help=True)


@app.command()
def load(
    context: typer.Context, roster: Annotated[Path, typer.Argument(help="A roster.yaml.")], as_json: Json = False
) -> None:
    """Create or update people. A line that is wrong is named; the others are loaded."""
    from integrations.bootstrap import open_assistant
    from integrations.roster import read_roster

    assistant = open_assistant(chosen_home(context))
    found = read_roster(roster, assistant.settings.tenant)
    with assistant.writing("rep people load"):
        assistant.people.save(found.people)
    complain_of(found.faults, as_json)
    if as_json:
        write_json({"loaded": len(found.people), "faults": len(found.faults)})
    else:
        typer.echo(f"{len(found.people)} people loaded")
    raise typer.Exit(1 if found.faults else 0)


@app.command(name="list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """Everyone on the roster."""
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context))
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "role": person.role.value,
            "market": person.market,
            "products": sorted(person.products),
            "territories": sorted(person.territories),
            "active": person.active,
        }
        for person in assistant.people.everyone(assistant.settings.tenant)
    ]
    show_rows(
        rows,
        ["name", "email", "role", "market", "products", "active"],
        as_json,
        empty="Nobody yet: rep people load roster.yaml",
    )
