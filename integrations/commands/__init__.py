"""The commands of `rep`, one module a group; each holds a typer app named `app` and is imported when used."""
