"""`rep init`."""

from __future__ import annotations

from typing import Annotated

import typer

from integrations.commands.options import Json, chosen_home, command_app, write_json

app = command_app()


@app.command()
def init(
    context: typer.Context,
    empty: Annotated[bool, typer.Option("--empty", help="A home without content or people (the default).")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Load the sample company that is shipped.")] = False,
    as_json: Json = False,
) -> None:
    """Make a home (settings, database, indexes), or bring an older one forward. Running it again is harmless."""
    from integrations.home import default_home
    from integrations.initialise import initialise

    if empty and sample:
        raise typer.BadParameter("choose one of --empty and --sample")
    home = (chosen_home(context) or default_home()).expanduser().absolute()
    made = initialise(home)
    if sample:
        raise typer.BadParameter("the sample company is not part of this installation")
    if as_json:
        write_json({"home": str(home), "made": made})
    else:
        typer.echo(f"{'Made' if made else 'Already there, and up to date:'} {home}")
