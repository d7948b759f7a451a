"""Messages kept before they are worked on, for surfaces that must answer at once and may lose nothing."""

from __future__ import annotations

from collections.abc import Callable

from assistant.domain.hand_over import InboundMessage
from assistant.domain.person import Principal
from assistant.domain.referral import Sender
from assistant.route.heard import Heard
from assistant.route.open import ReferralService
from assistant.route.parts import RouteParts, known_sender, short_id, tenant_and_id

INBOUND = "inbound"

Screen = Callable[[str, Sender], Heard]
"""The screen: what a message by this sender holds."""


class InboundService:
    """Keeps a message, then opens its referrals as durable work under the message's own id."""

    def __init__(self, parts: RouteParts, screen: Screen, referrals: ReferralService) -> None:
        self._parts = parts
        self._screen = screen
        self._referrals = referrals

    def accept(self, sender: Principal | Sender, message_id: str, text: str) -> InboundMessage:
        """Keep a message: redacted in its row, the original in the vault. When this returns, nothing can lose it."""
        who = known_sender(sender)
        redacted = self._screen(text, who).redacted
        with self._parts.store.write() as unit:
            original = unit.vault.put(who.tenant, text)
            mine = InboundMessage(
                self._parts.ids.new(), short_id(message_id), who, self._parts.clock.now(), redacted, original
            )
            kept = unit.inbound.add(mine)
            if kept.original_id != original:
                unit.vault.erase(who.tenant, original)
        if kept.done_at is None:
            self._parts.work.start(INBOUND, f"{who.tenant}/{kept.id}", f"inbound:{kept.id}")
        return kept

    def open_referrals(self, row: str) -> bool:
        """Screen the kept original and open what it holds."""
        tenant, inbound_id = tenant_and_id(row)
        with self._parts.store.read() as unit:
            message = unit.inbound.get(inbound_id)
            if message is None or message.done_at is not None:
                return False
            text = unit.vault.open(tenant, message.original_id)
        self._referrals.receive(message.sender, message.message_id, text, self._screen(text, message.sender))
        return True

    def finish(self, row: str) -> bool:
        """Mark it done; the kept original goes, its referrals hold their own."""
        tenant, inbound_id = tenant_and_id(row)
        with self._parts.store.write() as unit:
            message = unit.inbound.get(inbound_id)
            if message is not None and message.done_at is None:
                unit.inbound.mark_done(inbound_id, self._parts.clock.now())
                unit.vault.erase(tenant, message.original_id)
        return True
