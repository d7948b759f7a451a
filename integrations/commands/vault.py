"""`rep vault`."""

from __future__ import annotations

import typer

from integrations.commands.options import Json, chosen_home, command_app, write_json, write_text

app = command_app(help="The encrypted originals of reports.", no_args_is_help=True)


@app.callback()
def vault() -> None:
    """The encrypted originals of reports."""


@app.command()
def rotate(context: typer.Context, as_json: Json = False) -> None:
    """Make a new key and encrypt every original anew. Stop rep serve first: it keeps the keys it started with."""
    from assistant.domain.audit_event import AuditEntry
    from integrations.bootstrap import open_assistant
    from integrations.storage.audit import SqlAuditLog
    from integrations.storage.vault import SqlVault, open_keyring, save_keyring

    assistant = open_assistant(chosen_home(context))
    home = assistant.settings.home
    with assistant.writing("rep vault rotate"):
        ring = open_keyring(home).rotated()
        save_keyring(home, ring)
        with assistant.database.write() as connection:
            moved = SqlVault(connection, ring, assistant.clock, assistant.ids).encrypt_anew()
            SqlAuditLog(connection, assistant.ids).append(
                AuditEntry(
                    tenant=assistant.settings.tenant,
                    at=assistant.clock.now(),
                    actor="operator",
                    action="vault.rotated",
                    subject=f"key:{ring.active}",
                    facts={"originals": moved},
                )
            )
    if as_json:
        write_json({"key": ring.active, "originals": moved})
    else:
        write_text(
            f"key {ring.active} is active; {moved} originals encrypted anew. Back up the key file with the database"
        )
