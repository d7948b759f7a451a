"""Opening referrals on receipt: one for each matter in a message, whoever sent it, once however often it arrives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.hand_over import Notice, NoticeKind
from assistant.domain.person import Principal
from assistant.domain.referral import SAFETY_TYPES, Detail, HistoryEntry, Referral, ReferralType, Sender
from assistant.errors import BadRequest, Conflict
from assistant.policies.routing import Routing, Rule
from assistant.referral_ports import ReferralUnit
from assistant.route.follow import start_following
from assistant.route.heard import Heard, HeardMatter
from assistant.route.parts import ASSISTANT, RouteParts, known_sender, record, short_id
from assistant.route.screened import heard_from
from assistant.screen.result import ScreenResult

_QUOTED_AS = {
    ReferralType.ADVERSE_EVENT: Detail.EVENT,
    ReferralType.PRODUCT_COMPLAINT: Detail.EVENT,
    ReferralType.MEDICAL_INFORMATION_REQUEST: Detail.QUESTION,
}


@dataclass(frozen=True, slots=True)
class _Matter:
    """All findings of one type in a message, as the one referral they make."""

    type: ReferralType
    internal: bool
    why: str
    special_situation: str | None
    details: Mapping[Detail, str]
    customer: str | None
    content: tuple[str, ...]
    channel: str | None


class ReferralService:
    """Opens referrals. Nothing about the sender or what becomes of the message can keep one from opening."""

    def __init__(self, parts: RouteParts) -> None:
        self._parts = parts

    def receive(
        self, sender: Principal | Sender, message_id: str, text: str, found: Heard | ScreenResult
    ) -> list[Referral]:
        """Open what was heard in a message; returns every referral of it, the most pressing first.

        `text` is the original, kept encrypted where the type asks for it. The same sender, message id and type is the
        same referral, so calling again changes nothing and returns what is there.
        """
        who = known_sender(sender)
        heard = found if isinstance(found, Heard) else heard_from(found)
        matters = _matters(heard.matters, self._parts.routing, who.market)
        if not matters:
            return []
        with self._parts.store.write() as unit:
            opened = self._open_all(unit, who, short_id(message_id), text, matters)
        for referral in opened:
            start_following(self._parts.work, referral)
        return opened

    def message_gone(self, sender: Principal | Sender, message_id: str, what: str) -> list[Referral]:
        """Note that the message was deleted, dropped or expired. Its referrals live on; returns them."""
        who = known_sender(sender)
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            found = [
                one
                for one in unit.referrals.find(who.tenant, sender=who.identity)
                if one.message_id == short_id(message_id)
            ]
            noted = []
            for referral in found:
                entry = HistoryEntry(now, who.identity, f"the message it came in was {what}")
                saved = unit.referrals.save(replace(referral, history=(*referral.history, entry)))
                record(unit, self._parts, saved, "message_gone", who.identity, reason=what)
                noted.append(saved)
        return noted

    def _open_all(
        self, unit: ReferralUnit, who: Sender, message_id: str, text: str, matters: list[_Matter]
    ) -> list[Referral]:
        opened: list[Referral] = []
        original: str | None = None
        for matter in matters:
            rule = self._parts.routing.rule(matter.type, who.market)
            key = referral_key(who, message_id, matter.type, matter.internal)
            referral = unit.referrals.by_key(who.tenant, key)
            if referral is None:
                if rule.keep_original and original is None:
                    original = unit.vault.put(who.tenant, text)
                kept = original if rule.keep_original else None
                referral = self._add(unit, self._referral(who, message_id, key, matter, rule, kept))
            # A message's original is kept once, however many of its referrals need it.
            original = referral.original_id or original
            opened.append(referral)
        return opened

    def _add(self, unit: ReferralUnit, fresh: Referral) -> Referral:
        if not unit.referrals.add(fresh):
            held = unit.referrals.by_key(fresh.tenant, fresh.key)
            if held is None:
                raise Conflict(f"{fresh.reference} could not be written; send the message again")
            # Another worker opened it between our look and our write; its original is the one that counts.
            if fresh.original_id is not None and fresh.original_id != held.original_id:
                unit.vault.erase(fresh.tenant, fresh.original_id)
            return held
        record(
            unit,
            self._parts,
            fresh,
            "opened",
            fresh.sender.identity,
            role=fresh.sender.role or "",
            reason=fresh.why,
            facts={"due": fresh.due_at.isoformat(), "message": fresh.message_id, "internal": fresh.internal},
            texts={name.value: words for name, words in fresh.details.items()},
        )
        unit.notifier.notify(receipt(fresh))
        return fresh

    def _target(self, matter: _Matter, rule: Rule) -> str:
        """A channel that was asked for, else the type's own target; a report never goes out by a channel."""
        if matter.channel is None or matter.type in SAFETY_TYPES:
            return rule.target
        if self._parts.routing.target(matter.channel).channel is None:
            raise BadRequest(f"{matter.channel} is no channel to a customer; see routing.toml")
        return matter.channel

    def _referral(
        self, who: Sender, message_id: str, key: str, matter: _Matter, rule: Rule, original: str | None
    ) -> Referral:
        now = self._parts.clock.now()
        return Referral(
            id=self._parts.ids.new(),
            tenant=who.tenant,
            type=matter.type,
            key=key,
            message_id=message_id,
            sender=who,
            target=self._target(matter, rule),
            received_at=now,
            day_zero=now,
            due_at=rule.due_at(now),
            answer_due_at=rule.answer_due_at(now),
            why=matter.why,
            missing=rule.missing(matter.details),
            special_situation=matter.special_situation,
            internal=matter.internal,
            customer=matter.customer,
            content=matter.content,
            original_id=original,
            details=matter.details,
            history=(HistoryEntry(now, ASSISTANT, f"opened; due {_moment(rule.due_at(now))}"),),
        )


def referral_key(who: Sender, message_id: str, type_: ReferralType, internal: bool) -> str:
    """What makes opening a referral twice the same as once: person, message and type (own questions apart)."""
    parts = (who.identity, message_id, type_.value, "internal" if internal else "")
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def receipt(referral: Referral) -> Notice:
    """What the sender is told at once."""
    kind = referral.type.value.replace("_", " ")
    lacks = (
        f" Still missing: {', '.join(word.replace('_', ' ') for word in referral.missing)}." if referral.missing else ""
    )
    return Notice(
        key=f"receipt:{referral.id}",
        tenant=referral.tenant,
        kind=NoticeKind.RECEIPT,
        referral_id=referral.id,
        text=f"{referral.reference}: {kind} opened, due {_moment(referral.due_at)}.{lacks}",
        at=referral.received_at,
        person=referral.sender.identity,
    )


def _matters(heard: Iterable[HeardMatter], routing: Routing, market: str) -> list[_Matter]:
    """Findings by type, the most pressing first; a special situation goes where the market's rules send it."""
    grouped: dict[tuple[ReferralType, bool], list[HeardMatter]] = {}
    for one in heard:
        type_ = one.type or _forwarded_as(one, routing, market)
        if type_ is not None:
            grouped.setdefault((type_, one.own_question), []).append(one)
    matters = [_merged(routing.rule(type_, market), internal, found) for (type_, internal), found in grouped.items()]
    return sorted(matters, key=lambda matter: (routing.rule(matter.type, market).precedence, matter.internal))


def _forwarded_as(one: HeardMatter, routing: Routing, market: str) -> ReferralType | None:
    """Where a special situation goes that is no report by itself: only somewhere if the market wants it anyway."""
    situation = routing.situation(one.special_situation, market) if one.special_situation else None
    return situation.forward_as if situation is not None and situation.without_reaction else None


def _merged(rule: Rule, internal: bool, found: list[HeardMatter]) -> _Matter:
    """One matter of all findings of a type; of what the message answers only what this type's card asks for."""
    details: dict[Detail, str] = {}
    for one in found:
        for name, value in one.hints.items():
            if name in rule.fields:
                details.setdefault(name, value)
    quotes = dict.fromkeys(one.evidence for one in found if one.evidence)
    if quotes:
        details.setdefault(_QUOTED_AS.get(rule.type, Detail.REQUEST), " … ".join(quotes))
    why = "; ".join(dict.fromkeys(one.reason for one in found if one.reason))
    situation = next((one.special_situation for one in found if one.special_situation), None)
    customer = next((one.customer for one in found if one.customer), None)
    content = tuple(dict.fromkeys(document for one in found for document in one.content))
    channel = next((one.channel for one in found if one.channel), None)
    return _Matter(rule.type, internal, why, situation, details, customer, content, channel)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
