"""Answers: a list of sentences, each tied to exact passages, or an honest refusal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.referral import ReferralSuggestion
from knowledge.models import Citation


class Outcome(StrEnum):
    """How an ask ended."""

    ANSWERED = "answered"
    REFERRED = "referred"
    NOT_FOUND = "not_found"
    CLARIFY = "clarify"
    DENIED = "denied"


class NoticeKind(StrEnum):
    """What travels with an answer beside its sentences."""

    BOXED_WARNING = "boxed_warning"
    IMPORTANT_SAFETY_INFORMATION = "important_safety_information"
    PERMITTED_USE = "permitted_use"
    MODEL_NOT_USED = "model_not_used"
    INCOMPLETE = "incomplete"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said. Without citations it is never shown as a statement about a product."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something shown beside the sentences: fair balance, what may be done with the source, what went wrong."""

    kind: NoticeKind
    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """What was found, one per distinct section, best first. `quote` is exact text of that section."""

    document_id: str
    section_number: str
    section_title: str
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was not shown, and the reason."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read an ambiguous request."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Clarification:
    """The assistant asks back instead of guessing."""

    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one ask. `sentences` is empty unless `outcome` is ANSWERED; else `help` says what would help."""

    outcome: Outcome
    language: str
    sentences: tuple[Sentence, ...] = ()
    notices: tuple[Notice, ...] = ()
    passages: tuple[FoundPassage, ...] = ()
    referrals: tuple[ReferralSuggestion, ...] = ()
    help: str = ""
    composed_by: str = "quote"
    dropped: tuple[Dropped, ...] = ()
    clarify: Clarification | None = None
