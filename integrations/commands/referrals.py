"""`rep referrals`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from integrations.commands.options import As, At, Json, chosen_home, command_app, show_rows, write_json, write_text

if TYPE_CHECKING:
    from assistant.domain.person import Principal
    from assistant.domain.referral import Referral
    from integrations.bootstrap import Assistant

app = command_app(help="What another role must handle, and how it stands.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="Its reference (AE-...) or id.")]
Yes = Annotated[bool, typer.Option("--unsolicited/--prompted", help="Whether the customer asked unprompted.")]

_COLUMNS = ["reference", "type", "status", "due_at", "late", "complete"]


def _opened(context: typer.Context, email: str, at: Any = None) -> tuple[Assistant, Principal]:
    from integrations.bootstrap import open_assistant

    assistant = open_assistant(chosen_home(context), at)
    return assistant, assistant.application.identify.by_email(email)


def _finished(assistant: Assistant, referral: Referral, as_json: bool) -> None:
    """Show what became of it, then have done what that asks for."""
    shown = {
        "reference": referral.reference,
        "status": referral.status.value,
        "complete": referral.complete,
        "missing": list(referral.missing),
        "due_at": referral.due_at.isoformat(),
    }
    if as_json:
        write_json(shown)
    else:
        lacks = f"; still missing: {', '.join(referral.missing)}" if referral.missing else ""
        write_text(f"{referral.reference}: {referral.status.value.replace('_', ' ')}, due {referral.due_at}{lacks}")
    assistant.finish_work()


@app.command(name="list")
def list_(
    context: typer.Context,
    as_: As,
    late: Annotated[bool, typer.Option("--late", help="Past their deadline, or not deliverable.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """What you sent, or your role receives, soonest due first."""
    from integrations.referral_view import referral_view

    assistant, principal = _opened(context, as_, at)
    seen = assistant.referral_desk.cases.visible(principal, late_only=late, everything=everything)
    show_rows([referral_view(one) for one in seen], _COLUMNS, as_json, empty="Nothing waits.")


@app.command()
def notices(context: typer.Context, as_: As, as_json: Json = False) -> None:
    """What you were told: receipts, reminders, what is late; newest first."""
    assistant, principal = _opened(context, as_)
    rows = [
        {"at": notice.at.isoformat(), "kind": notice.kind.value, "text": notice.text}
        for notice in assistant.referral_desk.cases.notices(principal)
    ]
    show_rows(rows, ["at", "kind", "text"], as_json, empty="Nothing yet.")


@app.command()
def show(
    context: typer.Context,
    reference: Reference,
    as_: As,
    original: Annotated[
        str | None,
        typer.Option("--original", metavar="REASON", help="Open the untouched words; say why, it is recorded."),
    ] = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """One of them: its state and clock, and for the receiving role all there is."""
    from integrations.referral_view import referral_view

    assistant, principal = _opened(context, as_, at)
    cases = assistant.referral_desk.cases
    view = referral_view(cases.show(principal, reference))
    if original is not None:
        view["original"] = cases.original(principal, reference, original)
    if as_json:
        write_json(view)
        return
    for name, value in view.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            write_text(f"{name}:")
            for row in value:
                write_text("  " + "  ".join(str(cell) for cell in row.values()))
        elif value not in (None, [], {}):
            write_text(f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")


@app.command()
def ack(context: typer.Context, reference: Reference, as_: As, as_json: Json = False) -> None:
    """Say that your role has it."""
    assistant, principal = _opened(context, as_)
    _finished(assistant, assistant.referral_desk.cases.acknowledge(principal, reference), as_json)


@app.command()
def close(
    context: typer.Context,
    reference: Reference,
    as_: As,
    reason: Annotated[
        str, typer.Option(help="handled, duplicate, not_a_real_patient, not_ours or withdrawn.")
    ] = "handled",
    note: Annotated[str, typer.Option(help="For your own role; the sender never sees it.")] = "",
    as_json: Json = False,
) -> None:
    """End it. Adverse events and complaints: safety and quality alone."""
    assistant, principal = _opened(context, as_)
    _finished(assistant, assistant.referral_desk.cases.close(principal, reference, reason, note), as_json)


@app.command()
def complete(
    context: typer.Context,
    reference: Reference,
    as_: As,
    fields: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="An answer; may be given several times.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Add what is missing; without --set it says what is still asked for."""
    from assistant.errors import BadRequest

    assistant, principal = _opened(context, as_)
    completion = assistant.referral_desk.completion
    if not fields:
        _, asked = completion.card(principal, reference)
        rows = [{"field": one.name.value, "required": one.required, "choices": list(one.choices)} for one in asked]
        show_rows(rows, ["field", "required", "choices"], as_json, empty="Nothing is missing.")
        return
    answers: dict[str, str] = {}
    for pair in fields:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadRequest(f"write FIELD=VALUE, for example lot=B123; {name[:40]!r} has no =")
        answers[name.strip()] = value
    _finished(assistant, completion.complete(principal, reference, answers), as_json)


@app.command()
def attest(
    context: typer.Context,
    reference: Reference,
    as_: As,
    words: Annotated[str, typer.Option(help="The customer's exact words.")],
    unsolicited: Yes,
    delivery: Annotated[str, typer.Option(help="email, phone, post, visit or portal.")] = "email",
    urgency: Annotated[str, typer.Option(help="routine or urgent.")] = "routine",
    as_json: Json = False,
) -> None:
    """Give your word on a customer's medical question. A prompted one, or your own, becomes an internal question."""
    from assistant.route.complete import Attestation

    assistant, principal = _opened(context, as_)
    told = Attestation(unsolicited, words, delivery, urgency)
    _finished(assistant, assistant.referral_desk.completion.attest(principal, reference, told), as_json)


@app.command()
def retry(context: typer.Context, reference: Reference, as_: As, as_json: Json = False) -> None:
    """Try again to hand over what could not be delivered, once the cause is mended."""
    assistant, principal = _opened(context, as_)
    _finished(assistant, assistant.referral_desk.cases.retry(principal, reference), as_json)


@app.command()
def erase(
    context: typer.Context,
    reference: Reference,
    as_: As,
    why: Annotated[str, typer.Option(help="The reason; it is recorded.")],
    as_json: Json = False,
) -> None:
    """Take the words of a closed one away; the trail stays whole. For privacy."""
    assistant, principal = _opened(context, as_)
    gone = assistant.referral_desk.erasure.erase(principal, reference, why)
    if as_json:
        write_json({"erased": gone})
    else:
        write_text(f"{gone} texts erased")
