"""A small record for tests: two territories, two products, both sides of the firewall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from assistant.domain.customer import Consent, ConsentStatus, Customer, CustomerKind, RecordScope
from assistant.domain.interaction import Interaction, Visit
from assistant.policies.firewall import seal, seal_visit
from assistant.ports import CustomerRepository

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TENANT = "default"


def ago(days: float) -> datetime:
    """A moment some days before `NOW`."""
    return NOW - timedelta(days=days)


def customer(id: str, name: str, **changes: Any) -> Customer:  # noqa: A002
    """A professional in TX-01."""
    facts: dict[str, Any] = {"kind": CustomerKind.HCP, "specialty": "Cardiology", "territories": frozenset({"TX-01"})}
    return Customer(id=id, name=name, **{**facts, **changes})


def interaction(id: str, customer_id: str, days: float, summary: str, **changes: Any) -> Interaction:  # noqa: A002
    """A visit by the rep Ana Ruiz about Velmora."""
    facts: dict[str, Any] = {
        "channel": "visit",
        "author": "Ana Ruiz",
        "author_role": "rep",
        "products": ("Velmora",),
    }
    return Interaction(id=id, customer_id=customer_id, at=ago(days), summary=summary, **{**facts, **changes})


def scope(**changes: Any) -> RecordScope:
    """Ana Ruiz, rep of Velmora in TX-01."""
    facts: dict[str, Any] = {
        "tenant": TENANT,
        "territories": frozenset({"TX-01"}),
        "products": frozenset({"Velmora"}),
        "medical": False,
        "names": frozenset({"p1", "Ana Ruiz", "p1@example.com"}),
    }
    return RecordScope(**{**facts, **changes})


CUSTOMERS = (
    customer(
        "hco-1", "Lakeside Heart Clinic", kind=CustomerKind.HCO, specialty="", attributes={"policy": "badge first"}
    ),
    customer("hco-2", "Harbour Clinic", kind=CustomerKind.HCO, territories=frozenset({"TX-02"})),
    customer(
        "adeyemi",
        "Dr. Folake B. Adeyemi, MD",
        affiliations=("hco-1", "hco-2"),
        identifiers={"npi": "1234567893"},
        consents=(Consent("email", ConsentStatus.DENIED), Consent("phone", ConsentStatus.GRANTED, date(2026, 1, 1))),
        attributes={"town": "Austin", "stage": {"Velmora": "trial", "Otherin": "loyal"}, "best_time": "before 8"},
    ),
    customer("lindqvist", "Dr. Per Lindqvist", specialty="Neurology", attributes={"town": "Waco"}),
    customer("chen-a", "Dr. Alice Chen", affiliations=("hco-1",)),
    customer("chen-b", "Dr. Bo Chen", specialty="Oncology"),
    customer("far", "Dr. Remote Fardweller", territories=frozenset({"TX-02"})),
    customer("zh", "陳怡君醫師", specialty="心臟科", attributes={"aliases": ["Dr. Chen Yi-Chun"]}),
)

INTERACTIONS = (
    interaction(
        "i-1", "adeyemi", 60, "Prior auth takes three weeks, she is frustrated. Promised her the appeal form by Friday."
    ),
    interaction(
        "i-2", "adeyemi", 40, "Prefers short visits before 8. Left the dosing card.", documents=("dosing-card",)
    ),
    interaction("i-3", "adeyemi", 20, "Scientific exchange on XENOSECRET.", author="Mia Sol", author_role="msl"),
    interaction("i-4", "adeyemi", 10, "She likes the pen. Asked about off-label use in XENOSECRET, sent to med info."),
    interaction("i-5", "adeyemi", 5, "Otherin discussed at length.", author="Bob", products=("Otherin",)),
    interaction("i-6", "adeyemi", 3, "Answer sent on XENOSECRET.", channel="medical_request"),
    interaction("i-7", "far", 3, "FARSECRET."),
    interaction("i-8", "hco-1", 30, "P&T moved Velmora to tier 2 at the clinic.", author="Kay", author_role="kam"),
    interaction("i-9", "chen-a", 15, "Wants the study on older patients."),
    interaction("i-10", "zh", 12, "她擔心給付審查太慢。答應下週三帶給付資料。"),
)

VISITS = (
    Visit("v-1", "adeyemi", NOW + timedelta(days=2), "Ana Ruiz", "Appeal form"),
    Visit("v-2", "adeyemi", NOW + timedelta(days=3), "Mia Sol", "XENOSECRET follow-up"),
    Visit("v-3", "adeyemi", NOW + timedelta(days=4), "Somebody Unknown", "XENOSECRET again"),
)
ROLES = {"Ana Ruiz": "rep", "Mia Sol": "msl"}


def fill(repository: CustomerRepository) -> None:
    """Put all of the above in."""
    repository.save_customers(TENANT, CUSTOMERS, NOW)
    repository.save_interactions(TENANT, [seal(entry) for entry in INTERACTIONS], NOW)
    repository.save_visits(TENANT, [seal_visit(visit, ROLES.get(visit.rep)) for visit in VISITS], NOW)
