"""Preferences: how, when and about what a customer wants to be contacted, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.provenance import Provenance


class Stance(StrEnum):
    """What the customer said about it."""

    PREFERS = "prefers"
    AVOIDS = "avoids"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Preference:
    """One preference, in the words it was heard in. `channel` is set when it is about one ("email", "phone")."""

    id: str
    customer_id: str
    text: str
    stance: Stance
    provenance: Provenance
    channel: str | None = None
