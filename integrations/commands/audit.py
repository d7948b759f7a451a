"""`rep audit`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.commands.options import As, Json, chosen_home, command_app, write_json, write_text

if TYPE_CHECKING:
    from assistant.audit import ChainReport
    from assistant.domain.audit_event import AuditEvent, AuditText, ChainHead
    from integrations.bootstrap import Assistant

app = command_app(help="The audit trail: whole, and readable.", no_args_is_help=True)


@app.command()
def verify(
    context: typer.Context,
    expect: Annotated[
        str | None, typer.Option(metavar="NUMBER:HASH", help="A head noted elsewhere; betrays a trail rewritten whole.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Walk the whole chain; name every event that was changed, removed or reordered. Exit code 1 when one was."""
    from assistant.audit import verify as walk
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context))
    tenant = assistant.settings.tenant
    with assistant.referral_desk.parts.store.read() as unit:
        report = walk(unit.audit, tenant, None if expect is None else _head(expect))
    if as_json:
        write_json(_report(report))
    else:
        for finding in report.findings:
            write_text(f"✗ {finding.what}")
        for gone in report.erased:
            write_text(f"· event {gone.event_id}: text {gone.name!r} erased by {gone.erased_by}: {gone.erased_why}")
        state = "whole" if report.whole else "BROKEN"
        write_text(f"{report.events} events, chain {state}")
        write_text(f"note this head elsewhere: {report.head.sequence}:{report.head.hash}")
    raise typer.Exit(0 if report.whole else 1)


@app.command()
def export(
    context: typer.Context,
    as_: As,
    texts: Annotated[bool, typer.Option("--texts", help="With the texts beside the chain.")] = False,
    as_json: Json = False,  # noqa: ARG001  the export is JSON lines in any case
) -> None:
    """Every event as a JSON line, in order. For compliance, privacy and the administrator; recorded itself."""
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context))
    _record_export(assistant, as_, texts)
    with assistant.referral_desk.parts.store.read() as unit:
        for event, held in unit.audit.walk(assistant.settings.tenant):
            write_json(_line(event, list(held.values()), texts))


def _record_export(assistant: Assistant, email: str, texts: bool) -> None:
    from assistant.domain.audit_event import AuditEntry
    from assistant.domain.person import Role
    from assistant.errors import AccessDenied

    principal = assistant.application.identify.by_email(email)
    if principal.role not in (Role.COMPLIANCE, Role.PRIVACY, Role.ADMIN):
        raise AccessDenied("the audit trail is for compliance, privacy and the administrator")
    if texts and principal.role is Role.ADMIN:
        raise AccessDenied("the texts of the audit trail are for compliance and privacy")
    with assistant.referral_desk.parts.store.write() as unit:
        unit.audit.append(
            AuditEntry(
                tenant=assistant.settings.tenant,
                at=assistant.clock.now(),
                actor=principal.person.id,
                action="audit.exported",
                subject=f"tenant:{assistant.settings.tenant}",
                actor_role=principal.role.value,
                facts={"texts": texts},
            )
        )


def _head(text: str) -> ChainHead:
    from assistant.domain.audit_event import ChainHead

    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise typer.BadParameter("write NUMBER:HASH as rep audit verify printed it")
    return ChainHead(int(number), digest.lower())


def _report(report: ChainReport) -> dict[str, Any]:
    return {
        "tenant": report.tenant,
        "events": report.events,
        "whole": report.whole,
        "head": {"sequence": report.head.sequence, "hash": report.head.hash},
        "findings": [
            {"kind": one.kind, "sequence": one.sequence, "event": one.event_id, "what": one.what}
            for one in report.findings
        ],
        "erased": [
            {
                "event": gone.event_id,
                "name": gone.name,
                "at": gone.erased_at and gone.erased_at.isoformat(),
                "by": gone.erased_by,
                "why": gone.erased_why,
            }
            for gone in report.erased
        ],
    }


def _line(event: AuditEvent, held: list[AuditText], texts: bool) -> dict[str, Any]:
    entry = event.entry
    line: dict[str, Any] = {
        "sequence": event.sequence,
        "id": event.id,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "actor_role": entry.actor_role,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "content": [{"document_id": seen.document_id, "version": seen.version} for seen in entry.content],
        "facts": dict(entry.facts),
        "digests": dict(event.digests),
        "previous": event.previous,
        "hash": event.hash,
    }
    if texts:
        line["texts"] = {
            text.name: {"text": text.text, "salt": text.salt, "erased": text.erased_at is not None} for text in held
        }
    return line
