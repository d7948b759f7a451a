"""`rep content`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from integrations.commands.options import (
    At,
    Json,
    chosen_home,
    command_app,
    complain_of,
    progress_bar,
    show_rows,
    write_json,
    write_text,
)

app = command_app(help="Approved content: what the assistant may quote.", no_args_is_help=True)

DocumentId = Annotated[str, typer.Argument(metavar="ID", help="A document's id; its versions share it.")]

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Folders with a content.yaml, or files beside one.")
]
OptionalPaths = Annotated[list[Path] | None, typer.Argument(metavar="[PATH...]", help="Else all that were added from.")]


@app.command()
def add(
    context: typer.Context,
    paths: Paths,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read known files again (the readers have changed).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read files into the register and the indexes. Adding the same folder again changes nothing."""
    from integrations.bootstrap import open_assistant
    from integrations.content.folders import gather
    from knowledge.library import Added

    assistant = open_assistant(chosen_home(context))
    gathered = gather(paths)
    with assistant.writing("rep content add"), progress_bar() as progress:
        for folder in gathered.folders:
            assistant.documents.remember_folder(assistant.settings.tenant, folder)
        report = assistant.library.add(assistant.settings.tenant, gathered.entries, reread=reread, progress=progress)
    faults = [*gathered.faults, *report.faults]
    complain_of(faults, as_json)
    counts = {outcome.value.replace(" ", "_"): report.count(outcome) for outcome in Added}
    if as_json:
        write_json({**counts, "faulty": len(faults), "unapproved": [str(path) for path in gathered.unapproved]})
    else:
        said = [f"{report.count(outcome)} {outcome.value}" for outcome in Added if report.count(outcome)]
        typer.echo(", ".join(said) or "Nothing added")
        for outcome, document in report.done:
            if outcome is Added.STAYS_WITHDRAWN:
                write_text(f"{document.id} {document.version} stays withdrawn; a new approval_id brings it back")
        if gathered.unapproved:
            typer.echo(f"{len(gathered.unapproved)} without approval record left out; see: rep content check")
    raise typer.Exit(1 if faults else 0)


@app.command(name="list")
def list_(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Every version, with where it stands.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """What is valid now, in any of its markets."""
    from integrations.bootstrap import open_assistant
    from integrations.content.view import listing

    assistant = open_assistant(chosen_home(context), at)
    documents = assistant.documents.documents(assistant.settings.tenant)
    rows = listing(documents, assistant.clock.now(), valid_only=not everything)
    columns = ["id", "version", "status", "title", "products", "markets", "audience", "expires_on"]
    show_rows(rows, columns, as_json, empty="Nothing is valid now; add content with: rep content add FOLDER")


@app.command()
def show(
    context: typer.Context,
    document_id: DocumentId,
    version: Annotated[str | None, typer.Option("--version", help="Which version; else the newest.")] = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """A document's approval facts, sections and text."""
    from assistant.errors import NotFound
    from integrations.bootstrap import open_assistant
    from integrations.content.view import described, described_text, newest

    assistant = open_assistant(chosen_home(context), at)
    held = assistant.documents.versions(assistant.settings.tenant, document_id.lower())
    chosen = [document for document in held if version in (None, document.version)]
    if not chosen:
        known = ", ".join(document.version for document in held)
        raise NotFound(
            f"{document_id} has no version {version}; there is: {known}" if held else f"no document {document_id}"
        )
    document = newest(chosen)
    seen = described(document, held, assistant.documents.sections(document.key), assistant.clock.now())
    if as_json:
        write_json(seen)
    else:
        write_text(described_text(seen))


@app.command()
def withdraw(context: typer.Context, document_id: DocumentId, as_json: Json = False) -> None:
    """Take every version of a document back, at once."""
    from assistant.errors import NotFound
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context))
    tenant = assistant.settings.tenant
    if not assistant.documents.versions(tenant, document_id.lower()):
        raise NotFound(f"no document {document_id}; see the ids with: rep content list --all")
    with assistant.writing("rep content withdraw"):
        changed = assistant.library.withdraw(tenant, document_id)
    if as_json:
        write_json({"id": document_id.lower(), "withdrawn": changed})
    else:
        typer.echo(f"{document_id}: {changed} withdrawn" if changed else f"{document_id} was withdrawn already")


@app.command()
def check(
    context: typer.Context,
    paths: OptionalPaths = None,
    as_json: Json = False,
) -> None:
    """What is wrong with content folders and the register, by file and line. Changes nothing."""
    from integrations.bootstrap import open_assistant
    from integrations.content.check import check_content

    assistant = open_assistant(chosen_home(context))
    with progress_bar() as progress:
        faults = check_content(assistant, paths, progress)
    if as_json:
        write_json([{"place": fault.place, "what": fault.what} for fault in faults])
    else:
        for fault in faults:
            write_text(str(fault))
        typer.echo(f"{len(faults)} to mend" if faults else "Nothing is wrong")
    raise typer.Exit(1 if faults else 0)


@app.command()
def reindex(context: typer.Context, as_json: Json = False) -> None:
    """Make both indexes anew from the register, which is the truth; needed after damage or a change of model."""
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context))
    with assistant.writing("rep content reindex"), progress_bar() as progress:
        assistant.discard_indexes()
        change = assistant.index.reconcile(progress)
    if as_json:
        write_json({"indexed": change.added})
    else:
        typer.echo(f"{change.added} passages indexed")
