"""A message from any surface: screened, and what it holds opened, whoever sent it."""

from __future__ import annotations

from assistant.domain.person import Principal
from assistant.domain.referral import Referral, Sender
from assistant.screen.result import ScreenResult
from integrations.bootstrap import Assistant


def receive(
    assistant: Assistant, sender: Principal | str, message_id: str, text: str, result: ScreenResult | None = None
) -> list[Referral]:
    """Open the referrals of a message. `sender` is a principal, or the address of somebody the roster does not know.

    `result` is the screen's, when the caller has it already. Durable work waits for `assistant.finish_work()`.
    """
    known = isinstance(sender, Principal)
    who: Principal | Sender = sender if isinstance(sender, Principal) else stranger(assistant, sender)
    found = result or assistant.screened(text, sender.role.value if known and isinstance(sender, Principal) else "rep")
    return assistant.referral_desk.referrals.receive(who, message_id, text, found)


def stranger(assistant: Assistant, identity: str) -> Sender:
    """Somebody the roster does not know, or knows as deactivated, in the home's own tenant."""
    person = next((one for one in assistant.people.everyone(assistant.settings.tenant) if one.email == identity), None)
    if person is not None:
        return Sender(person.tenant, person.id, person.market, person.role, person.timezone, person.manager)
    return Sender(assistant.settings.tenant, identity, "US")
