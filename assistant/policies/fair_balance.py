"""Fair balance: a statement of benefit travels with the boxed warning and important safety information.

Source: 21 CFR 202.1(e)(5) asks for balance between benefit and risk wherever a benefit is stated. The policy decides
here, once; no composer and no language model adds or leaves out a balance.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from knowledge.models import DocumentType, SectionKind

BENEFIT_KINDS = frozenset({SectionKind.INDICATIONS, SectionKind.CLINICAL_STUDIES})
SAFETY_KINDS = frozenset(
    {
        SectionKind.BOXED_WARNING,
        SectionKind.IMPORTANT_SAFETY_INFORMATION,
        SectionKind.CONTRAINDICATIONS,
        SectionKind.WARNINGS,
        SectionKind.ADVERSE_REACTIONS,
    }
)
# In assets other than labels a section's kind is mostly unknown; what they say of a product is promotion unless it is
# safety text.
PROMOTIONAL_TYPES = frozenset({DocumentType.VISUAL_AID, DocumentType.REPRINT, DocumentType.PATIENT_BROCHURE})


class Balance(StrEnum):
    """How much balance an answer needs."""

    NONE = "none"
    LINE = "line"
    FULL = "full"


def states_benefit(document_type: DocumentType, kind: SectionKind) -> bool:
    """Whether a sentence from such a place counts as a statement of benefit."""
    if kind in BENEFIT_KINDS:
        return True
    return document_type in PROMOTIONAL_TYPES and kind not in SAFETY_KINDS


def balance_for(places: Iterable[tuple[DocumentType, SectionKind]], *, already_in_full: bool) -> Balance:
    """The balance due for sentences from these places: in full once a conversation and product, then one line."""
    if not any(states_benefit(document_type, kind) for document_type, kind in places):
        return Balance.NONE
    return Balance.LINE if already_in_full else Balance.FULL
