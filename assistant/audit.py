"""The audit chain: what an event's hash covers, and how a changed, removed or reordered event is found and named.

Every event's hash covers its own content and the hash before it, tenant by tenant. Of texts it covers a salted digest
only, so that erasing a text (and its salt) leaves the chain whole and the erased words beyond guessing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC

from assistant.domain.audit_event import AuditEntry, AuditEvent, AuditText, ChainHead, ContentSeen
from assistant.referral_ports import AuditLog

GENESIS = "0" * 64
_LONGEST_ACTOR = 320
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class ChainFinding:
    """One place where the chain does not hold. `sequence` and `event_id` name the event; `what` says it in words."""

    kind: str
    sequence: int
    event_id: str
    what: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying found: how many events, the head to keep elsewhere, erased texts, and every fault."""

    tenant: str
    events: int
    head: ChainHead
    erased: tuple[AuditText, ...]
    findings: tuple[ChainFinding, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or reordered."""
        return not self.findings


def storable(text: str) -> str:
    """The text as every database keeps it: NULs and lone surrogates are written out as escapes, nothing is lost."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def digest(salt: str, text: str) -> str:
    """Salted SHA-256 of a text, in hex. Without the salt a short text could be found by trying."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode("utf-8")).hexdigest()


def event_hash(event_id: str, entry: AuditEntry, digests: Mapping[str, str], previous: str) -> str:
    """SHA-256 over the event in one canonical form: sorted JSON, UTC to the microsecond."""
    covered = {
        "id": event_id,
        "tenant": entry.tenant,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "actor_role": entry.actor_role,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "content": [[seen.document_id, seen.version] for seen in entry.content],
        "facts": dict(entry.facts),
        "digests": dict(digests),
        "previous": previous,
    }
    return hashlib.sha256(json.dumps(covered, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def chain(
    entry: AuditEntry, event_id: str, head: ChainHead, new_salt: Callable[[], str]
) -> tuple[AuditEvent, tuple[AuditText, ...]]:
    """The next event after `head`, and the texts to keep beside it. `new_salt` gives 16 random bytes in hex."""
    entry = _storable_entry(entry)
    texts = tuple(AuditText(event_id, name, storable(text), new_salt()) for name, text in sorted(entry.texts.items()))
    digests = {text.name: digest(text.salt or "", text.text or "") for text in texts}
    hashed = event_hash(event_id, entry, digests, head.hash)
    return AuditEvent(event_id, head.sequence + 1, entry, digests, head.hash, hashed), texts


def _storable_entry(entry: AuditEntry) -> AuditEntry:
    """The entry as a database gives it back, so that the hash is over what is kept."""
    facts = {
        storable(name): storable(str(fact)) if isinstance(fact, str) else fact for name, fact in entry.facts.items()
    }
    return replace(
        entry,
        actor=storable(entry.actor)[:_LONGEST_ACTOR],
        actor_role=str(entry.actor_role),
        subject=storable(entry.subject)[:_LONGEST_SUBJECT],
        reason=storable(entry.reason),
        facts=facts,
        content=tuple(ContentSeen(storable(seen.document_id), storable(seen.version)) for seen in entry.content),
    )


def verify(log: AuditLog, tenant: str, expected: ChainHead | None = None) -> ChainReport:
    """Walk a tenant's whole chain. `expected` is a head noted elsewhere: it betrays even a chain rewritten whole."""
    findings: list[ChainFinding] = []
    erased: list[AuditText] = []
    last = ChainHead(0, GENESIS)
    count = 0
    for event, texts in log.walk(tenant):
        count += 1
        findings += _link_faults(log, tenant, event, last)
        findings += _own_faults(event, texts)
        if expected is not None and event.sequence == expected.sequence and event.hash != expected.hash:
            findings.append(_finding("rewritten", event, "is not the event that was noted under this number"))
        erased += [text for text in texts.values() if text.erased_at is not None]
        last = ChainHead(event.sequence, event.hash)
    findings += _end_faults(log.head(tenant), last, expected)
    return ChainReport(tenant, count, last, tuple(erased), tuple(findings))


def _link_faults(log: AuditLog, tenant: str, event: AuditEvent, last: ChainHead) -> Iterator[ChainFinding]:
    for lost in range(last.sequence + 1, event.sequence):
        yield ChainFinding("removed", lost, "", f"event {lost} was removed")
    if event.previous == last.hash:
        return
    follows = last.sequence if event.previous == GENESIS else log.sequence_of(tenant, event.previous)
    if event.previous == GENESIS or follows is not None:
        place = "first" if event.previous == GENESIS else f"after event {follows}"
        yield _finding("reordered", event, f"stands out of its order; it was written {place}")
    elif event.sequence == last.sequence + 1:
        yield _finding(
            "broken", event, "does not follow the event before it: that one was replaced, or one was removed"
        )


def _own_faults(event: AuditEvent, texts: Mapping[str, AuditText]) -> Iterator[ChainFinding]:
    if event_hash(event.id, event.entry, event.digests, event.previous) != event.hash:
        yield _finding("changed", event, f"was changed after it was written ({event.entry.action})")
    for name, expected in event.digests.items():
        text = texts.get(name)
        if text is None:
            yield _finding("text_removed", event, f"has lost its text {name!r} without an erasure being noted")
        elif text.erased_at is None and (text.text is None or digest(text.salt or "", text.text) != expected):
            yield _finding("text_changed", event, f"has another text {name!r} than was written")
    for name in sorted(set(texts) - set(event.digests)):
        yield _finding("text_added", event, f"has a text {name!r} that was not written with it")


def _end_faults(head: ChainHead, last: ChainHead, expected: ChainHead | None) -> Iterator[ChainFinding]:
    for lost in range(last.sequence + 1, max(head.sequence, expected.sequence if expected else 0) + 1):
        yield ChainFinding("removed", lost, "", f"event {lost} was removed from the end")
    if head.sequence == last.sequence and head.hash != last.hash:
        yield ChainFinding("broken", last.sequence, "", f"event {last.sequence} is not the one written last")
    if head.sequence < last.sequence:
        yield ChainFinding("added", last.sequence, "", f"events after {head.sequence} were added past the chain's end")


def _finding(kind: str, event: AuditEvent, what: str) -> ChainFinding:
    return ChainFinding(kind, event.sequence, event.id, f"event {event.sequence} ({event.id}) {what}")
