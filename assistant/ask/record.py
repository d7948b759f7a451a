"""Questions about the customer's record: answered by quoting it, with date and author role, within the asker's scope.

What the record says is what somebody noted; it never supports a statement about a product. Every sentence here is a
quotation marked as such, cited as `record:<entry id>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from assistant.ask.record_quotes import AskedOfRecord, not_found, respond
from assistant.domain.answer import Answer, Clarification, Outcome
from assistant.domain.customer import Customer, CustomerKind
from assistant.domain.person import Principal
from assistant.domain.record import Period
from assistant.policies.record_access import COMMERCIAL_READERS, MEDICAL_READERS, record_scope
from assistant.ports import Clock, CustomerRepository
from assistant.record import questions
from assistant.record.mentions import Mentioned, mentioned
from assistant.record.periods import past_days
from assistant.record.questions import RecordQuestion
from assistant.record.wording import Reader
from knowledge.text import guess_language

_MEMBERS = 100
_REMEMBERED = 10
_LONGEST = 4000


class RecordAnswerer:
    """Answers what is about the record and leaves everything else to others."""

    def __init__(self, customers: CustomerRepository, clock: Clock) -> None:
        self._customers = customers
        self._clock = clock

    def answer(self, principal: Principal, question: str, history: Sequence[str] = ()) -> Answer | None:
        """An answer, a question back, or None when the question is not about the record.

        `history` holds the thread's earlier texts, oldest first: "her" is whoever was named last.
        """
        question = question[:_LONGEST]
        kind = questions.kind_of(question)
        if kind is None or principal.role not in COMMERCIAL_READERS | MEDICAL_READERS:
            return None
        reader = Reader.of(principal, record_scope(principal), self._clock.now(), guess_language(question))
        found = mentioned(self._customers, reader.scope, question)
        if found.words and kind is RecordQuestion.SAID and not questions.speaks_of(question, found.words):
            return None
        if not found.words:
            if not (questions.points_back(question) or questions.is_sure(kind)):
                return None
            found = self._named_before(reader, history)
        if not found.words:
            asked = Clarification(reader.words.say("whom"), ())
            return _clarify(reader, asked) if questions.is_sure(kind) or questions.asks_of_past(question) else None
        return self._about(reader, kind, question, found)

    def _named_before(self, reader: Reader, history: Sequence[str]) -> Mentioned:
        """Whom the thread named last."""
        for text in list(reversed(history))[:_REMEMBERED]:
            found = mentioned(self._customers, reader.scope, text)
            if found.words:
                return found
        return Mentioned.nobody()

    def _about(self, reader: Reader, kind: RecordQuestion, question: str, found: Mentioned) -> Answer:
        resolution, words = found.resolution, reader.words
        if resolution.choices:
            asked = words.say("which_more" if resolution.more else "which", more=resolution.more)
            return _clarify(reader, Clarification(asked, resolution.choices))
        if resolution.customer is None:
            return not_found(reader, words.say("nobody_asked"))
        days = past_days(question, reader.today)
        asked_of = AskedOfRecord(
            kind=kind,
            question=question,
            customer=resolution.customer,
            everyone=self._everyone(reader, resolution.customer),
            period=_period(reader, days),
            period_words=words.say("in_period", since=days[0], until=days[1]) if days else "",
            reader=reader,
        )
        return respond(self._customers, asked_of)

    def _everyone(self, reader: Reader, customer: Customer) -> tuple[Customer, ...]:
        """The customer and, for an organisation, those who belong to it."""
        if customer.kind is CustomerKind.HCP:
            return (customer,)
        return (customer, *self._customers.members(reader.scope, customer.id, limit=_MEMBERS))


def _period(reader: Reader, days: tuple[date, date] | None) -> Period:
    """The moments of some days where the reader is; without days, everything up to now."""
    if days is None:
        return Period(until=reader.now)
    first, last = days
    since = datetime.combine(first, time.min, reader.zone)
    until = datetime.combine(last, time.min, reader.zone) + timedelta(days=1)
    return Period(since, min(until, reader.now))


def _clarify(reader: Reader, clarification: Clarification) -> Answer:
    return Answer(Outcome.CLARIFY, reader.words.language, help=clarification.question, clarify=clarification)
