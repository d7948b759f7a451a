"""Whether a referral may go out through a channel to a customer: their consent, and the content's permitted use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.customer import Consent, ConsentStatus
from knowledge.models import PermittedUse


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """What a channel asks for: the consent it runs under and the uses of which content needs at least one."""

    consent: str
    uses: frozenset[PermittedUse]


@dataclass(frozen=True, slots=True)
class ContentUse:
    """What one piece of content may be used for."""

    document_id: str
    uses: frozenset[PermittedUse]


def refusals(rule: ChannelRule, consents: Sequence[Consent], content: Iterable[ContentUse], on: date) -> list[str]:
    """Every reason not to send, in words; empty: it may go. Without a recorded consent nothing goes out."""
    why = []
    if (refused := _consent_refusal(rule.consent, consents, on)) is not None:
        why.append(refused)
    for item in content:
        if rule.uses and not rule.uses & item.uses:
            allowed = ", ".join(sorted(use.value for use in item.uses)) or "nothing"
            why.append(f"{item.document_id} may not be used this way (it allows: {allowed})")
    return why


def _consent_refusal(channel: str, consents: Sequence[Consent], on: date) -> str | None:
    held = [consent for consent in consents if consent.channel == channel and consent.holds_on(on)]
    # An opt-out beats a consent of the same channel: when in doubt the customer is left alone.
    if any(consent.status is ConsentStatus.DENIED for consent in held):
        return f"the customer opted out of {channel}"
    if not any(consent.status is ConsentStatus.GRANTED for consent in held):
        return f"no consent for {channel} is recorded"
    return None
