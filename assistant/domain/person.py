"""People who use the assistant, and the principal every use case acts for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person does for the company."""

    REP = "rep"
    KAM = "kam"
    FIELD_MANAGER = "field_manager"
    MARKET_ACCESS = "market_access"
    MSL = "msl"
    MEDICAL_INFORMATION = "medical_information"
    MEDICAL_REVIEWER = "medical_reviewer"
    SAFETY = "safety"
    QUALITY = "quality"
    CONTENT_OWNER = "content_owner"
    COMPLIANCE = "compliance"
    PRIVACY = "privacy"
    PATIENT_SUPPORT = "patient_support"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the roster. `products` and `territories` hold exact names, or "*" alone for all."""

    id: str
    name: str
    email: str
    role: Role
    market: str
    products: frozenset[str]
    territories: frozenset[str]
    manager: str | None = None
    slack_user_id: str | None = None
    active: bool = True
    tenant: str = "default"
    timezone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking, as every use case receives it. Made by identification alone, never by a surface."""

    person: Person

    @property
    def tenant(self) -> str:
        """The company this person belongs to."""
        return self.person.tenant

    @property
    def role(self) -> Role:
        """The person's role."""
        return self.person.role
