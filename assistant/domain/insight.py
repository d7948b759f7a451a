"""Insights: what a customer believes, needs, lives with; each one tied to the words it was heard in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.domain.provenance import Provenance


class InsightKind(StrEnum):
    """The seven kinds the stream of customer knowledge is made of."""

    INSIGHT = "insight"
    OBSERVATION = "observation"
    NEED = "need"
    TREND = "trend"
    ENVIRONMENT = "environment"
    EXPERIENCE = "experience"
    TOUCHPOINT = "touchpoint"


class Topic(StrEnum):
    """What an insight is about."""

    EFFICACY = "efficacy"
    SAFETY = "safety"
    TOLERABILITY = "tolerability"
    DOSING = "dosing"
    ACCESS = "access"
    AFFORDABILITY = "affordability"
    COMPETITOR = "competitor"
    EVIDENCE = "evidence"
    WORKFLOW = "workflow"
    PATIENT_TYPE = "patient_type"
    SERVICE = "service"
    PREFERENCE = "preference"
    OTHER = "other"


class Polarity(StrEnum):
    """Which way it leans, seen from the customer."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class InsightStatus(StrEnum):
    """Nothing but a confirmed or written insight is part of the record."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WRITTEN = "written"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Insight:
    """One typed insight. `replaces` names the insight it corrects or is newer than."""

    id: str
    customer_id: str
    kind: InsightKind
    statement: str
    topic: Topic
    provenance: Provenance
    product: str | None = None
    polarity: Polarity = Polarity.NEUTRAL
    barrier: bool = False
    status: InsightStatus = InsightStatus.CONFIRMED
    replaces: str | None = None
