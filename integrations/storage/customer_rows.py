"""Rows of the customer record to and from the domain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from hashlib import blake2s
from typing import Any

from sqlalchemy import RowMapping

from assistant.domain.customer import Consent, ConsentStatus, Customer, CustomerKind
from assistant.domain.follow_up import FollowUp, FollowUpOwner, FollowUpStatus
from assistant.domain.insight import Insight, InsightKind, InsightStatus, Polarity, Topic
from assistant.domain.interaction import Interaction, SealedInteraction, Visit
from assistant.domain.preference import Preference, Stance
from assistant.domain.provenance import Provenance, Source, Visibility
from integrations.storage.customer_scope import product_keys

Fact = Insight | FollowUp | Preference

# Enumerated fields of the typed facts, to bring them back from text.
_ENUMS: dict[str, Any] = {
    "kind": InsightKind,
    "topic": Topic,
    "polarity": Polarity,
    "owner": FollowUpOwner,
    "stance": Stance,
}


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def digest(row: Mapping[str, Any]) -> str:
    """What a row says, in 32 characters: equal means nothing changed."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=True, default=plain)
    return blake2s(text.encode(), digest_size=16).hexdigest()


def customer_row(tenant: str, customer: Customer) -> dict[str, Any]:
    """A customer's own columns."""
    return {
        "tenant_id": tenant,
        "id": customer.id,
        "kind": customer.kind.value,
        "name": customer.name,
        "specialty": customer.specialty,
        "territories": sorted(customer.territories),
        "affiliations": list(customer.affiliations),
        "identifiers": dict(customer.identifiers),
        "consents": [
            {"channel": consent.channel, "status": consent.status.value, "until": consent.until and str(consent.until)}
            for consent in customer.consents
        ],
        "attributes": dict(customer.attributes),
    }


def customer_from(row: RowMapping, visible: set[str]) -> Customer:
    """A customer, with the affiliations that are visible to the reader."""
    return Customer(
        id=row["id"],
        kind=CustomerKind(row["kind"]),
        name=row["name"],
        specialty=row["specialty"],
        territories=frozenset(row["territories"]),
        affiliations=tuple(place for place in row["affiliations"] if place in visible),
        identifiers=row["identifiers"],
        consents=tuple(
            Consent(
                held["channel"],
                ConsentStatus(held["status"]),
                date.fromisoformat(held["until"]) if held["until"] else None,
            )
            for held in row["consents"]
        ),
        attributes=row["attributes"],
        learned_at=row["learned_at"],
    )


def interaction_row(tenant: str, sealed: SealedInteraction) -> dict[str, Any]:
    """An interaction's columns; the whole text goes behind the firewall unless all of it is open."""
    entry = sealed.interaction
    return {
        "tenant_id": tenant,
        "id": entry.id,
        "customer_id": entry.customer_id,
        "at": entry.at,
        "channel": entry.channel,
        "author": entry.author,
        "author_role": entry.author_role,
        "products": list(entry.products),
        "product_keys": product_keys(entry.products),
        "documents": list(entry.documents),
        "open_text": sealed.open_summary,
        "restricted_text": None if sealed.open_summary == entry.summary else entry.summary,
        "medical_request": entry.medical_request,
        "visibility": entry.visibility.value,
    }


def interaction_from(row: RowMapping) -> Interaction:
    """An interaction as far as the query let it be read."""
    return Interaction(
        id=row["id"],
        customer_id=row["customer_id"],
        at=row["at"],
        channel=row["channel"],
        author=row["author"],
        author_role=row["author_role"],
        products=tuple(row["products"] or ()),
        summary=row["summary"],
        documents=tuple(row["documents"] or ()),
        visibility=Visibility(row["visibility"]),
        medical_request=bool(row["medical_request"]),
        learned_at=row["learned_at"],
        version=row["version"],
        shown=bool(row["shown"]),
    )


def visit_row(tenant: str, visit: Visit) -> dict[str, Any]:
    """A visit's columns."""
    return {
        "tenant_id": tenant,
        "id": visit.id,
        "customer_id": visit.customer_id,
        "starts_at": visit.starts_at,
        "rep": visit.rep,
        "purpose": visit.purpose,
        "visibility": visit.visibility.value,
    }


def visit_from(row: RowMapping) -> Visit:
    """A visit as far as the query let it be read."""
    return Visit(
        id=row["id"],
        customer_id=row["customer_id"],
        starts_at=row["starts_at"],
        rep=row["rep"],
        purpose=row["purpose"],
        visibility=Visibility(row["visibility"]),
        version=row["version"],
        shown=bool(row["shown"]),
    )


def fact_row(tenant: str, fact: Fact) -> dict[str, Any]:
    """A typed fact's columns: its own fields, then its provenance."""
    held, source = fact.provenance, fact.provenance.source
    own = {field.name: getattr(fact, field.name) for field in fields(fact) if field.name != "provenance"}
    return {
        "tenant_id": tenant,
        **{name: str(value) if name in _ENUMS or name == "status" else value for name, value in own.items()},
        "entry_id": source.entry_id,
        "author": source.author,
        "author_role": source.author_role,
        "quote": source.quote,
        "start_at": source.start,
        "end_at": source.end,
        "true_at": held.true_at,
        "confidence": held.confidence,
        "visibility": held.visibility.value,
    }


def insight_from(row: RowMapping) -> Insight:
    """An insight of the record."""
    return Insight(**_own(Insight, row, InsightStatus))


def follow_up_from(row: RowMapping) -> FollowUp:
    """A promise of the record."""
    return FollowUp(**_own(FollowUp, row, FollowUpStatus))


def preference_from(row: RowMapping) -> Preference:
    """A preference of the record."""
    return Preference(**_own(Preference, row, None))


def _own(kind: type[Fact], row: RowMapping, status: Any) -> dict[str, Any]:
    names = [field.name for field in fields(kind) if field.name != "provenance"]
    read = {**_ENUMS, "status": status}
    values = {name: read[name](row[name]) if name in read else row[name] for name in names}
    source = Source(row["entry_id"], row["author"], row["author_role"], row["quote"], row["start_at"], row["end_at"])
    provenance = Provenance(
        source, row["true_at"], row["learned_at"], row["confidence"], Visibility(row["visibility"]), row["version"]
    )
    return {**values, "provenance": provenance}
