"""`rep customers`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from integrations.commands.options import (
    As,
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

app = command_app(help="The customer record: load, list, show, export, erase.", no_args_is_help=True)

Customer = Annotated[str, typer.Argument(help='A name ("Dr. Chen"), an identifier or an id.')]
CustomerId = Annotated[str, typer.Argument(help="The customer's id, exactly.")]


@app.command()
def load(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="customers.jsonl, interactions.jsonl, visits.jsonl.")],
    at: At = None,
    as_json: Json = False,
) -> None:
    """Create or update customers, interactions, visits. A line that is wrong is named; the others are loaded."""
    from integrations.bootstrap import open_assistant
    from integrations.crm.load import CustomerLoad

    assistant = open_assistant(chosen_home(context), at)
    tenant = assistant.settings.tenant
    with assistant.writing("rep customers load"), progress_bar() as progress:
        people = assistant.people.everyone(tenant)
        loading = CustomerLoad(assistant.customers, tenant, people, assistant.clock.now())
        report = loading.load(files, progress)
    complain_of(report.faults, as_json)
    counts = {
        noun: {"new": saved.new, "changed": saved.changed, "same": saved.same} for noun, saved in report.saved.items()
    }
    if as_json:
        write_json({**counts, "faults": len(report.faults), "unknown_visitors": sorted(report.unknown_visitors)})
    else:
        for noun, saved in report.saved.items():
            typer.echo(f"{noun}: {saved.new} new, {saved.changed} changed, {saved.same} as before")
        if report.unknown_visitors:
            typer.echo(
                f"{len(report.unknown_visitors)} visitors are not on the roster: what they plan is shown to medical "
                "roles only. Load the roster, then these visits again"
            )
    raise typer.Exit(1 if report.faults else 0)


@app.command(name="list")
def list_(context: typer.Context, email: As, as_json: Json = False) -> None:
    """The customers in someone's territories."""
    from integrations.bootstrap import open_assistant
    from integrations.customer_json import customer_rows

    assistant = open_assistant(chosen_home(context))
    principal = assistant.application.identify.by_email(email)
    rows = customer_rows(assistant.application.customers.everyone(principal))
    show_rows(rows, ["id", "kind", "name", "specialty", "town"], as_json, empty="No customers in these territories.")


@app.command()
def show(context: typer.Context, customer: Customer, email: As, as_json: Json = False) -> None:
    """What the record holds of one customer, as far as this person may read it."""
    from integrations.bootstrap import open_assistant
    from integrations.customer_json import shown_json, shown_lines

    assistant = open_assistant(chosen_home(context))
    principal = assistant.application.identify.by_email(email)
    shown = assistant.application.customers.show(principal, customer)
    if as_json:
        write_json(shown_json(shown))
    else:
        write_text("\n".join(shown_lines(shown)))


@app.command()
def export(context: typer.Context, customer_id: CustomerId, email: As) -> None:
    """Everything held about one customer, every version, as JSON: for privacy, on request of the customer."""
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context))
    principal = assistant.application.identify.by_email(email)
    write_json(assistant.application.customer_rights.export(principal, customer_id))


@app.command()
def erase(context: typer.Context, customer_id: CustomerId, email: As, as_json: Json = False) -> None:
    """Remove everything held about one customer; says what was kept and why."""
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context))
    principal = assistant.application.identify.by_email(email)
    with assistant.writing("rep customers erase"):
        erasure = assistant.application.customer_rights.erase(principal, customer_id)
    if as_json:
        write_json({"removed": dict(erasure.removed), "kept": dict(erasure.kept)})
        return
    typer.echo("Removed: " + ", ".join(f"{count} {noun}" for noun, count in erasure.removed.items()))
    for what, why in erasure.kept.items():
        typer.echo(f"Kept: {what}: {why}")
