"""From a question about the record to quoted sentences of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from assistant.domain.answer import Answer, Outcome, Sentence
from assistant.domain.customer import ConsentStatus, Customer
from assistant.domain.follow_up import FollowUpStatus
from assistant.domain.interaction import Interaction
from assistant.domain.record import Period
from assistant.ports import CustomerRepository
from assistant.record import questions
from assistant.record.facts import CustomerFacts, gather
from assistant.record.phrases import excerpt
from assistant.record.questions import RecordQuestion
from assistant.record.sentences import stretches
from assistant.record.wording import Reader
from knowledge.models import Citation

_SENTENCES = 4
_CONTACTS = 8
_READ = 200
# A sentence that fits less than this share of the best one is not about it.
_LEAST_SHARE = 0.6
_AHEAD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class AskedOfRecord:
    """A question about the record, understood. `everyone` is the customer and, of an organisation, its members."""

    kind: RecordQuestion
    question: str
    customer: Customer
    everyone: tuple[Customer, ...]
    period: Period
    period_words: str
    reader: Reader


def respond(repository: CustomerRepository, asked: AskedOfRecord) -> Answer:
    """Quote what the record says, or say honestly that it holds nothing about it."""
    if asked.kind is RecordQuestion.NEXT_PLANNED:
        return _planned(repository, asked)
    ids = [customer.id for customer in asked.everyone]
    entries = repository.interactions(asked.reader.scope, ids, period=asked.period, limit=_READ)
    if asked.kind is RecordQuestion.LAST_SEEN:
        return _last_seen(asked, entries)
    if asked.kind is RecordQuestion.CONTACTS:
        spoken = _spoken(entries)
        return _answer(asked, [_contact(asked, entry) for entry in spoken[:_CONTACTS]], entries)
    if asked.kind is RecordQuestion.PROMISES:
        return _promises(asked, gather(repository, asked.reader.scope, asked.customer, asked.reader.now), entries)
    if asked.kind is RecordQuestion.PREFERENCES:
        return _preferences(asked, gather(repository, asked.reader.scope, asked.customer, asked.reader.now), entries)
    return _said(asked, entries)


def not_found(reader: Reader, help_: str) -> Answer:
    """Nothing to quote; `help_` says what would help."""
    return Answer(Outcome.NOT_FOUND, reader.words.language, help=help_)


def _said(asked: AskedOfRecord, entries: list[Interaction]) -> Answer:
    """The sentences that speak of what is asked, the best fitting first chosen, then told newest first."""
    names = [asked.customer.name, *asked.customer.aliases, *(one.name for one in asked.everyone)]
    about = questions.about(asked.question, *names)
    found = [
        (about.fit(said.text), entry, said.text) for entry in _spoken(entries) for said in stretches(entry.summary)
    ]
    enough = max(_LEAST_SHARE * max((one[0] for one in found), default=0.0), 0.5)
    best = sorted((one for one in found if one[0] >= enough), key=lambda one: -one[0])[:_SENTENCES]
    best.sort(key=lambda one: one[1].at, reverse=True)
    return _answer(asked, [_quote(asked, entry, text) for _, entry, text in best], entries)


def _last_seen(asked: AskedOfRecord, entries: list[Interaction]) -> Answer:
    """The last contact by anybody but mailings; the asker's own when they ask for theirs."""
    reader = asked.reader
    spoken = _spoken(entries) or entries
    own = [entry for entry in spoken if reader.is_mine(entry.author)]
    if own and questions.speaks_of_self(asked.question):
        entry, key = own[0], "last_mine"
    elif spoken:
        entry, key = spoken[0], "last_seen"
    else:
        return _answer(asked, [], entries)
    fields = {
        "name": _about_whom(asked, entry).name,
        "day": reader.words.day(reader.day(entry.at)),
        "channel": reader.words.channel(entry.channel),
        "who": _author(reader, entry),
    }
    return _answer(asked, [Sentence(reader.words.say(key, **fields), (_citation(asked, entry, ""),))], entries)


def _spoken(entries: list[Interaction]) -> list[Interaction]:
    """Contacts of people with people: mailings left out."""
    return [entry for entry in entries if entry.author_role != "marketing"]


def _preferences(asked: AskedOfRecord, facts: CustomerFacts, entries: list[Interaction]) -> Answer:
    """What they said about being contacted, after what their own row of the record says of it."""
    by_id = {entry.id: entry for entry in entries}
    heard = [one.provenance.source for one in facts.preferences[:_SENTENCES]]
    lines = [Sentence(text, (_own_row(asked),)) for text in _profile(asked)]
    lines += [_quote(asked, by_id[one.entry_id], one.quote) for one in heard if one.entry_id in by_id]
    return _answer(asked, lines, entries)


def _profile(asked: AskedOfRecord) -> Iterator[str]:
    words, customer = asked.reader.words, asked.customer
    for consent in customer.consents:
        if consent.status is ConsentStatus.DENIED and consent.holds_on(asked.reader.today):
            yield words.say("consent_denied", channel=words.channel(consent.channel))
    if prefers := customer.attributes.get("prefers"):
        yield words.say("prefers_channel", channel=words.channel(str(prefers)))
    if best := customer.attributes.get("best_time"):
        yield words.say("best_time", text=best)


def _own_row(asked: AskedOfRecord) -> Citation:
    customer, reader = asked.customer, asked.reader
    day = reader.words.day(reader.day(customer.learned_at) if customer.learned_at else reader.today)
    return Citation(f"record:{customer.id}", day, "", reader.words.say("who_record"), "", document_title=customer.name)


def _promises(asked: AskedOfRecord, facts: CustomerFacts, entries: list[Interaction]) -> Answer:
    reader = asked.reader
    standing = [one for one in facts.follow_ups if one.status is FollowUpStatus.OPEN]
    if questions.speaks_of_self(asked.question):
        standing = [one for one in standing if reader.is_mine(one.person)] or standing
    by_id = {entry.id: entry for entry in entries}
    told = [
        _quote(asked, by_id[one.provenance.source.entry_id], one.provenance.source.quote)
        for one in standing[:_SENTENCES]
        if one.provenance.source.entry_id in by_id
    ]
    return _answer(asked, told, entries)


def _planned(repository: CustomerRepository, asked: AskedOfRecord) -> Answer:
    reader = asked.reader
    ids = [customer.id for customer in asked.everyone]
    visits = repository.visits(reader.scope, ids, period=Period(reader.now, reader.now + _AHEAD))
    lines = []
    for visit in visits[:_SENTENCES]:
        day, who = reader.words.day(reader.day(visit.starts_at)), reader.visitor(visit)
        citation = Citation(f"record:{visit.id}", day, "", who, visit.purpose, document_title=asked.customer.name)
        lines.append(Sentence(reader.words.say("next_planned", day=day, who=who), (citation,)))
    return _answer(asked, lines, repository.interactions(reader.scope, ids, period=asked.period, limit=1))


def _answer(asked: AskedOfRecord, sentences: list[Sentence], entries: Iterable[Interaction]) -> Answer:
    reader = asked.reader
    if sentences:
        return Answer(Outcome.ANSWERED, reader.words.language, sentences=tuple(sentences))
    fields = {"name": asked.customer.name, "period": asked.period_words}
    last = next(iter(entries), None)
    if last is None:
        return not_found(reader, reader.words.say("nothing_at_all", **fields))
    seen = f"{reader.words.day(reader.day(last.at))}, {reader.contact(last)}"
    return not_found(reader, reader.words.say("nothing_found", last=seen, **fields))


def _quote(asked: AskedOfRecord, entry: Interaction, text: str) -> Sentence:
    """One sentence of an entry, marked as a quotation, with its date and who wrote it."""
    reader = asked.reader
    said = reader.words.say(
        "said",
        day=reader.words.day(reader.day(entry.at)),
        channel=reader.words.channel(entry.channel),
        role=_author(reader, entry),
        quote=text,
    )
    return Sentence(said, (_citation(asked, entry, text),))


def _contact(asked: AskedOfRecord, entry: Interaction) -> Sentence:
    """One contact: when, how, who, whom; with the beginning of its note when it may be read."""
    reader = asked.reader
    line = f"{reader.words.day(reader.day(entry.at))}, {reader.contact(entry)}"
    if len(asked.everyone) > 1:
        line += f" → {_about_whom(asked, entry).name}"
    first = next((said.text for said in stretches(entry.summary)), "")
    return Sentence(f"{line}: “{excerpt(first)}”" if first else line, (_citation(asked, entry, first),))


def _citation(asked: AskedOfRecord, entry: Interaction, quote: str) -> Citation:
    reader = asked.reader
    section = reader.words.say(
        "record_section", channel=reader.words.channel(entry.channel), role=reader.words.role(entry.author_role)
    )
    day = reader.words.day(reader.day(entry.at))
    return Citation(f"record:{entry.id}", day, "", section, quote, document_title=_about_whom(asked, entry).name)


def _about_whom(asked: AskedOfRecord, entry: Interaction) -> Customer:
    return next((one for one in asked.everyone if one.id == entry.customer_id), asked.customer)


def _author(reader: Reader, entry: Interaction) -> str:
    return reader.who(entry.author, entry.author_role) if entry.shown else reader.words.role(entry.author_role)
