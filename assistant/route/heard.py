"""What the screen heard in a message, as far as routing needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.domain.referral import Detail, ReferralType


@dataclass(frozen=True, slots=True)
class HeardMatter:
    """One finding. `type` is None for a special situation that is no report by itself (off-label use, nobody hurt).

    `evidence` is the exact part of the message that shows it, patient identifiers replaced; `reason` is for a person
    to check. `own_question`: the sender asks for themselves, no customer did. `hints` are card fields the message
    already answers. `customer`, `content` and `channel` are known when somebody asks for something to be sent: to whom,
    which documents, by which channel of routing.toml.
    """

    type: ReferralType | None
    evidence: str
    reason: str
    special_situation: str | None = None
    own_question: bool = False
    hints: Mapping[Detail, str] = field(default_factory=dict)
    customer: str | None = None
    content: tuple[str, ...] = ()
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything found in one message, and the message with patient identifiers replaced."""

    redacted: str
    matters: tuple[HeardMatter, ...] = ()
