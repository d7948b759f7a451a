"""What every use case of routing works with, and the two things they all do: find a referral, record what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.audit import storable
from assistant.domain.audit_event import AuditEntry, Fact
from assistant.domain.person import Principal
from assistant.domain.referral import Referral, Sender
from assistant.errors import NotFound
from assistant.policies.routing import Routing
from assistant.ports import Clock, Ids, PeopleRepository
from assistant.referral_ports import DurableWork, ReferralStore, ReferralUnit

ASSISTANT = "assistant"
_LONGEST_ID = 255
_LONGEST_IDENTITY = 320


@dataclass(frozen=True, slots=True)
class RouteParts:
    """Store, rules, people, durable work, clock and ids."""

    store: ReferralStore
    routing: Routing
    people: PeopleRepository
    work: DurableWork
    clock: Clock
    ids: Ids


def sender_of(principal: Principal) -> Sender:
    """The sender a known person is."""
    person = principal.person
    return Sender(person.tenant, person.id, person.market, person.role, person.timezone, person.manager)


def known_sender(sender: Principal | Sender) -> Sender:
    """Whoever sent a message, as it can be kept."""
    if isinstance(sender, Principal):
        return sender_of(sender)
    return replace(sender, identity=storable(sender.identity)[:_LONGEST_IDENTITY])


def message_key(line_id: str, text: str) -> str:
    """The id of a message that has none of its own (a line of a batch): its line id and a hash of its content."""
    return f"{line_id}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def short_id(message_id: str) -> str:
    """A message id that fits its column; one that is too long is replaced by its hash."""
    if len(storable(message_id)) <= _LONGEST_ID:
        return storable(message_id)
    return "sha256:" + hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()


def row_of(referral: Referral) -> str:
    """How durable work names a referral: tenant and id, nothing of its content."""
    return f"{referral.tenant}/{referral.id}"


def tenant_and_id(row: str) -> tuple[str, str]:
    """The tenant and id in what `row_of` made."""
    tenant, _, row_id = row.rpartition("/")
    return tenant, row_id


def locate(unit: ReferralUnit, tenant: str, name: str) -> Referral:
    """A referral by id or reference. Raises NotFound, in the same words as for one the asker may not see."""
    found = unit.referrals.get(tenant, name) or unit.referrals.by_reference(tenant, name)
    if found is None:
        raise unknown(name)
    return found


def unknown(name: str) -> NotFound:
    """The one answer for what is not there and what is not theirs."""
    return NotFound(f"no referral {name}; see yours with: rep referrals list")


def record(
    unit: ReferralUnit,
    parts: RouteParts,
    referral: Referral,
    action: str,
    actor: str,
    *,
    role: str = "",
    reason: str = "",
    facts: Mapping[str, Fact] | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Write what happened to a referral into the audit chain, in the same transaction as the change itself."""
    held: dict[str, Fact] = {"type": referral.type.value, "status": referral.status.value, "version": referral.version}
    unit.audit.append(
        AuditEntry(
            tenant=referral.tenant,
            at=parts.clock.now(),
            actor=actor,
            action=f"referral.{action}",
            subject=f"referral:{referral.id}",
            actor_role=role,
            reason=reason,
            facts=held | dict(facts or {}),
            texts=dict(texts or {}),
        )
    )
