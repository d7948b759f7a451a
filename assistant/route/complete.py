"""Completing a referral that was already forwarded: the card asks, the clock follows, the target is told again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.person import Principal
from assistant.domain.referral import Detail, Referral, ReferralStatus, noted
from assistant.errors import AccessDenied, BadRequest, Conflict
from assistant.policies.referral_access import Sight, may_complete, sight
from assistant.policies.routing import Rule
from assistant.referral_ports import ReferralUnit
from assistant.route.card import Field, Redact, open_fields, read_answers
from assistant.route.follow import start_hand_over, start_watching
from assistant.route.hand_over import next_attempt
from assistant.route.parts import RouteParts, locate, record, unknown


@dataclass(frozen=True, slots=True)
class Attestation:
    """What makes a question a customer's: their exact words, and that nobody prompted it."""

    unsolicited: bool
    exact_words: str
    delivery_preference: str
    urgency: str = "routine"


class CompletionService:
    """Asks for what is missing and takes the answers."""

    def __init__(self, parts: RouteParts, redact: Redact) -> None:
        self._parts = parts
        self._redact = redact

    def card(self, principal: Principal, name: str) -> tuple[Referral, tuple[Field, ...]]:
        """A referral and what is still to be asked of it. Raises NotFound."""
        with self._parts.store.read() as unit:
            referral = self._theirs(unit, principal, name)
        return referral, open_fields(referral, self._rule(referral))

    def complete(self, principal: Principal, name: str, answers: Mapping[str, str]) -> Referral:
        """Add answers. Raises NotFound, BadRequest (which field, what it takes), Conflict once it is closed."""
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            referral = self._theirs(unit, principal, name)
            if referral.status is ReferralStatus.CLOSED:
                raise Conflict(f"{referral.reference} is closed; open a new one if there is more")
            read = read_answers(answers, principal.person.timezone, now, self._redact)
            if not read:
                raise BadRequest("nothing to add; name at least one field")
            changed = self._with(referral, read, principal, now)
            saved = self._save(unit, principal, changed, "completed", read)
            attempt = next_attempt(unit, saved)
        self._pass_on(saved, attempt)
        return saved

    def attest(self, principal: Principal, name: str, attestation: Attestation) -> Referral:
        """Take the sender's word on a question. One that was prompted, or is their own, becomes an internal question.

        Only the sender can attest: nobody else was there.
        """
        now = self._parts.clock.now()
        with self._parts.store.write() as unit:
            referral = self._theirs(unit, principal, name)
            if sight(principal.person, referral, self._parts.routing) is not Sight.OWN:
                raise AccessDenied(f"only whoever sent {referral.reference} can say whether it was unsolicited")
            if referral.internal or Detail.UNSOLICITED in referral.details:
                raise Conflict(f"{referral.reference} was attested already; that stands as it was given")
            answers = {
                Detail.QUESTION.value: attestation.exact_words,
                Detail.UNSOLICITED.value: "yes" if attestation.unsolicited else "no",
                Detail.DELIVERY_PREFERENCE.value: attestation.delivery_preference,
                Detail.URGENCY.value: attestation.urgency,
            }
            read = read_answers(answers, principal.person.timezone, now, self._redact)
            changed = replace(self._with(referral, read, principal, now), internal=not attestation.unsolicited)
            saved = self._save(unit, principal, changed, "attested", read)
            attempt = next_attempt(unit, saved)
        self._pass_on(saved, attempt)
        return saved

    def _pass_on(self, referral: Referral, attempt: int | None) -> None:
        """The target gets the new words, and the reminders follow a deadline that moved."""
        if attempt is not None:
            start_hand_over(self._parts.work, referral, attempt)
        start_watching(self._parts.work, referral)

    def _theirs(self, unit: ReferralUnit, principal: Principal, name: str) -> Referral:
        referral = locate(unit, principal.tenant, name)
        if not may_complete(principal.person, referral, self._parts.routing):
            raise unknown(name)
        return referral

    def _rule(self, referral: Referral) -> Rule:
        return self._parts.routing.rule(referral.type, referral.sender.market)

    def _with(self, referral: Referral, read: Mapping[Detail, str], principal: Principal, now: datetime) -> Referral:
        rule = self._rule(referral)
        details = {**referral.details, **read}
        changed = replace(referral, details=details, missing=rule.missing(details), revision=referral.revision + 1)
        if Detail.FIRST_HEARD_AT in read:
            changed = _heard_first(changed, datetime.fromisoformat(read[Detail.FIRST_HEARD_AT]), rule)
        return noted(changed, now, principal.person.id, f"added {', '.join(sorted(read))}")

    def _save(
        self, unit: ReferralUnit, principal: Principal, changed: Referral, action: str, read: Mapping[Detail, str]
    ) -> Referral:
        saved = unit.referrals.save(changed)
        record(
            unit,
            self._parts,
            saved,
            action,
            principal.person.id,
            role=principal.role,
            facts={
                "fields": ",".join(sorted(read)),
                "complete": saved.complete,
                "due": saved.due_at.isoformat(),
                "internal": saved.internal,
            },
            texts={name.value: words for name, words in read.items()},
        )
        return saved


def _heard_first(referral: Referral, heard: datetime, rule: Rule) -> Referral:
    """The clock moves back to when a company person first knew, where the type's clock starts then; never forward."""
    moved = replace(referral, first_heard_at=heard)
    if not rule.starts_when_heard or heard >= referral.day_zero:
        return moved
    return replace(moved, day_zero=heard, due_at=rule.due_at(heard), answer_due_at=rule.answer_due_at(heard))
