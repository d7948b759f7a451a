"""What the screen found: findings with evidence, identifiers with places, intents, and what could not be screened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.domain.referral import ReferralType


class Intent(StrEnum):
    """What the sender wants of the assistant."""

    ASK_CONTENT = "ask_content"
    BRIEF = "brief"
    CAPTURE_NOTE = "capture_note"
    QUERY_INSIGHTS = "query_insights"
    REQUEST_ACTION = "request_action"
    SMALL_TALK = "small_talk"
    HELP = "help"
    OTHER = "other"


class SpecialSituation(StrEnum):
    """Situations reported like adverse events (GVP module VI), also without a reaction; off-label use only with one."""

    PREGNANCY_EXPOSURE = "pregnancy_exposure"
    MEDICATION_ERROR = "medication_error"
    OVERDOSE = "overdose"
    LACK_OF_EFFICACY = "lack_of_efficacy"
    OFF_LABEL_USE = "off_label_use"
    MISUSE = "misuse"
    OCCUPATIONAL_EXPOSURE = "occupational_exposure"


class IdentifierKind(StrEnum):
    """What identifies a patient; the placeholder of a redacted text is the kind in capitals and brackets."""

    NAME = "name"
    INITIALS = "initials"
    DATE_OF_BIRTH = "dob"
    RECORD_NUMBER = "mrn"
    MEMBER_ID = "id"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    ROOM = "room"
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True)
class Identifier:
    """`[start, end)` of the message identifies a patient."""

    kind: IdentifierKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter another role must handle. `evidence` is exactly `text[start:end]`; `score` is 0 to 1.

    `own_question`: the sender's own curiosity, never a customer's inquiry. `hints` holds what the message says towards
    a referral's card: lists of exact words under `products`, `events`, `age`, `sex`, `lot`, `when`, `seriousness`.
    """

    type: ReferralType
    start: int
    end: int
    evidence: str
    score: float
    reason: str
    special_situation: SpecialSituation | None = None
    own_question: bool = False
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Injection:
    """`[start, end)` is an instruction aimed at the assistant; `decoded` what it says when it was hidden."""

    start: int
    end: int
    evidence: str
    score: float
    reason: str
    decoded: str | None = None


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """Everything the screen says of one message.

    `redacted` is the message, unchanged when no patient is identified; `text` is the message itself, for places only:
    it goes nowhere but the vault.
    """

    findings: tuple[Finding, ...]
    intents: tuple[Intent, ...]
    identifiers: tuple[Identifier, ...]
    redacted: str
    injections: tuple[Injection, ...]
    language: str
    special_situation: SpecialSituation | None = None
    notes: tuple[str, ...] = ()
    text: str = ""

    @property
    def contains_patient_identifier(self) -> bool:
        """Whether a patient can be told from the message."""
        return bool(self.identifiers)

    def redacted_between(self, start: int, end: int) -> str:
        """`[start, end)` of the message with every identifier that reaches into it replaced by its kind."""
        parts, at = [], start
        for item in self.identifiers:
            if item.end > start and item.start < end:
                parts += [self.text[at : max(at, item.start)], f"[{item.kind.upper()}]"]
                at = min(max(at, item.end), end)
        return "".join((*parts, self.text[at:end]))

    @property
    def prompt_injection(self) -> bool:
        """Whether the message, or text pasted into it, tries to instruct the assistant."""
        return bool(self.injections)

    @property
    def is_medical_request(self) -> bool:
        """Whether a customer asked what only medical information may answer."""
        kind = ReferralType.MEDICAL_INFORMATION_REQUEST
        return any(f.type is kind and not f.own_question for f in self.findings)

    @property
    def is_own_question(self) -> bool:
        """Whether the sender asks out of their own curiosity beyond the label."""
        return any(f.own_question for f in self.findings)
