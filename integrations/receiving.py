"""A message from any surface: screened, and what it holds opened, whoever sent it."""

from __future__ import annotations

import hashlib

from assistant.domain.person import Principal
from assistant.domain.referral import Referral, Sender
from assistant.errors import AccessDenied
from assistant.identify import email_key
from assistant.route.parts import sender_of
from assistant.screen.result import ScreenResult
from integrations.bootstrap import Assistant

_UNKNOWN_MARKET = "US"


def receive(
    assistant: Assistant, sender: Principal | Sender, message_id: str, text: str, result: ScreenResult | None = None
) -> list[Referral]:
    """Open the referrals of a message; the same sender, message id and type is the same referral.

    `result` is the screen's, when the caller has it already. Durable work waits for `assistant.finish_work()`.
    """
    role = sender.role
    found = result or assistant.screened(text, role.value if role else "rep")
    if not found.findings and found.special_situation is None:
        return []
    return assistant.referral_desk.referrals.receive(sender, message_id, text, found)


def receive_typed(assistant: Assistant, email: str, text: str) -> list[Referral]:
    """Open the referrals of a message typed at a terminal; the same words of a person on one day are one message.

    A report opens for people the roster does not know or has deactivated as well, before they are refused.
    """
    words = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    message_id = f"typed:{assistant.clock.now():%Y-%m-%d}:{words}"
    try:
        sender: Principal | Sender = assistant.application.identify.by_email(email)
    except AccessDenied:
        sender = stranger(assistant, email)
    return receive(assistant, sender, message_id, text)


def stranger(assistant: Assistant, email: str) -> Sender:
    """Somebody deactivated, or unknown: then in the home's own tenant and the default market."""
    person = assistant.people.by_email(email_key(email))
    if person is not None:
        return sender_of(Principal(person))
    return Sender(assistant.settings.tenant, email, _UNKNOWN_MARKET)
