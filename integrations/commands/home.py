"""`rep init`."""

from __future__ import annotations

from typing import Annotated

import typer

from integrations.commands.options import Json, chosen_home, command_app, complain_of, progress_bar, write_json

app = command_app()


@app.command()
def init(
    context: typer.Context,
    empty: Annotated[bool, typer.Option("--empty", help="A home without content or people (the default).")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Load the sample company that is shipped.")] = False,
    as_json: Json = False,
) -> None:
    """Make a home (settings, database, indexes), or bring an older one forward. Running it again is harmless."""
    from integrations.bootstrap import open_assistant
    from integrations.home import default_home
    from integrations.initialise import initialise, load_sample

    if empty and sample:
        raise typer.BadParameter("choose one of --empty and --sample")
    home = (chosen_home(context) or default_home()).expanduser().absolute()
    made = initialise(home)
    loaded = None
    if sample:
        with progress_bar() as progress:
            loaded = load_sample(open_assistant(home), progress)
        complain_of(loaded.faults, as_json)
    if as_json:
        write_json({"home": str(home), "made": made})
    else:
        typer.echo(f"{'Made' if made else 'Already there, and up to date:'} {home}")
        if loaded is not None:
            typer.echo(f"{loaded.documents} documents, {loaded.people} people, {loaded.customers} customers")
    raise typer.Exit(1 if loaded is not None and loaded.faults else 0)
