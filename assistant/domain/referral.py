"""Referrals: what another role must handle. Never called tickets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReferralType(StrEnum):
    """What kind of matter it is; `policies/routing.toml` says which role receives each."""

    ADVERSE_EVENT = "adverse_event"
    PRODUCT_COMPLAINT = "product_complaint"
    MEDICAL_INFORMATION_REQUEST = "medical_information_request"
    MSL_ENGAGEMENT = "msl_engagement"
    MARKET_ACCESS = "market_access"
    SAMPLE_REQUEST = "sample_request"
    SPEAKER_PROGRAM = "speaker_program"
    PATIENT_SUPPORT = "patient_support"
    PRIVACY = "privacy"
    COMPLIANCE = "compliance"
    IT_SUPPORT = "it_support"


@dataclass(frozen=True, slots=True)
class ReferralSuggestion:
    """A referral an answer points to, before anything is opened. `why` is a sentence a person can check."""

    type: ReferralType
    why: str
