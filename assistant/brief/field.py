"""The parts of a brief about the field around the customer: contacts, accounts, what is new, what to bring and ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from assistant.brief.content import newly_effective, said, uses_outside, worth_bringing
from assistant.brief.material import Material
from assistant.brief.person import insight_item, record_item
from assistant.domain.brief import BriefItem
from assistant.domain.customer import ConsentStatus, CustomerKind
from assistant.domain.insight import Insight, InsightKind, Topic
from assistant.domain.interaction import Interaction
from assistant.record.phrases import excerpt
from assistant.record.wording import Reader
from knowledge.models import ALL_PRODUCTS, Document, PermittedUse

_CONTACTS = 6
_NEW_INSIGHTS = 3
_BRING = 3
_QUESTIONS = 3
_MAILINGS = "marketing"
# As many insights as the first screen shows under "thinks and needs" are not repeated under access.
TOLD_ALREADY = 2


def contacts(material: Material) -> Iterator[BriefItem]:
    """What is planned next, then the last contacts over all functions; mailings only when nobody spoke to them."""
    reader = material.reader
    planned = list(_planned(material))
    spoken = [entry for entry in material.facts.contacts if entry.author_role != _MAILINGS]
    held = [contact_item(reader, entry) for entry in (spoken or material.facts.contacts)[:_CONTACTS]]
    yield from (*planned[:1], *held, *planned[1:])


def _planned(material: Material) -> Iterator[BriefItem]:
    reader = material.reader
    for visit in material.visits[:2]:
        key = "planned" if visit.purpose else "planned_bare"
        day = reader.day(visit.starts_at)
        fields = {"day": reader.words.day(day), "who": reader.visitor(visit), "purpose": excerpt(visit.purpose)}
        yield BriefItem(reader.words.say(key, **fields), f"record:{visit.id}", reader.visitor(visit), day)


def contact_item(reader: Reader, entry: Interaction) -> BriefItem:
    """One contact: who, how, and how its note begins; of a withheld one only that it took place."""
    text = reader.contact(entry)
    if entry.shown and entry.summary:
        text = reader.words.say(
            "contact",
            channel=reader.words.channel(entry.channel),
            who=reader.who(entry.author, entry.author_role),
            quote=excerpt(entry.summary),
        )
    if entry.medical_request:
        text += f" ({reader.words.say('medical_request')})"
    return BriefItem(text, f"record:{entry.id}", reader.contact(entry), reader.day(entry.at))


def access(material: Material) -> Iterator[BriefItem]:
    """Access at the accounts: what was last heard of coverage, and how each place is entered."""
    words = material.reader.words
    told = {one.id for one in material.barriers_first()[:TOLD_ALREADY]}
    heard = [
        one
        for one in (*material.facts.insights, *material.account_insights)
        if _about_access(one) and one.id not in told
    ]
    for one in sorted(heard, key=lambda one: one.provenance.true_at, reverse=True)[:2]:
        yield insight_item(material.reader, one)
    for place in material.places.values():
        if place.attributes.get("policy"):
            text = words.say("policy", place=place.name, policy=place.attributes["policy"])
            yield record_item(material, text, customer=place)
    if material.customer.kind is CustomerKind.PAYER and (standing := _standing(material)):
        yield record_item(material, standing)


def _about_access(one: Insight) -> bool:
    return one.topic in (Topic.ACCESS, Topic.AFFORDABILITY) or one.kind is InsightKind.ENVIRONMENT


def _standing(material: Material) -> str:
    """What a payer's row says of the reader's products; clauses about others are left out."""
    clauses = str(material.customer.attributes.get("products") or "").split(",")
    mine = material.reader.scope.products
    if ALL_PRODUCTS in mine:
        return ", ".join(clauses).strip()
    return ", ".join(clause.strip() for clause in clauses if any(product in clause for product in mine))


def changed(material: Material) -> Iterator[BriefItem]:
    """What came since the reader's last contact: heard by others, and newly effective content."""
    reader, last = material.reader, material.last_mine
    if last is None:
        yield record_item(material, reader.words.say("never_met"))
        return
    day = reader.day(last.at)
    others = [one for one in material.facts.contacts if one.at > last.at and one.author_role != _MAILINGS]
    if others:
        text = reader.words.say("changed_contacts", count=len(others), day=reader.words.day(day))
        yield BriefItem(text, f"record:{others[0].id}", reader.contact(others[0]), reader.day(others[0].at))
    newer = [one for one in material.facts.insights if one.provenance.true_at > last.at]
    yield from (insight_item(reader, one) for one in newer[:_NEW_INSIGHTS])
    for document in newly_effective(material.documents, day)[:_NEW_INSIGHTS]:
        yield content_item(reader.words.say("new_content", title=document.title), document)


def bring(material: Material) -> Iterator[BriefItem]:
    """Approved content that answers a promise, a barrier or a need, with what may be done with it."""
    reader = material.reader
    owed = [one for one in material.open_promises() if one.due_on or reader.is_mine(one.person)]
    told = [one for one in material.barriers_first() if one.barrier or one.kind is InsightKind.NEED]
    fits = worth_bringing(material.documents, [*owed, *told], _BRING)
    for fit in fits:
        key = "bring_topic" if isinstance(fit.fact, Insight) else "bring_promise"
        quote = excerpt(said(fit.fact), 90)
        text = reader.words.say(key, title=fit.document.title, use=_uses(material, fit.document), quote=quote)
        yield content_item(text, fit.document)
    brought = {fit.document.id for fit in fits}
    since = material.last_day
    for document in newly_effective(material.documents, since)[: _BRING - len(fits)] if since else ():
        if document.id not in brought and uses_outside(document):
            day = reader.words.day(document.approval.effective_from)
            text = reader.words.say("bring_new", title=document.title, use=_uses(material, document), day=day)
            yield content_item(text, document)


def _uses(material: Material, document: Document) -> str:
    words = material.reader.words
    allowed = list(uses_outside(document))
    refused = _no_email(material, material.reader.today)
    names = [words.say(f"use_{use.value}") for use in allowed if not (refused and use is PermittedUse.EMAIL)]
    if refused and PermittedUse.EMAIL in allowed:
        names.append(words.say("not_by_email"))
    return ", ".join(names)


def _no_email(material: Material, today: date) -> bool:
    return any(
        consent.channel == "email" and consent.status is ConsentStatus.DENIED and consent.holds_on(today)
        for consent in material.customer.consents
    )


def content_item(text: str, document: Document) -> BriefItem:
    """A line about a document, with its version and approval for a source."""
    approval = document.approval
    return BriefItem(
        text,
        f"content:{document.id}@{document.version}",
        f"{document.title}, {approval.approval_id}",
        approval.effective_from,
    )


def ask(material: Material) -> Iterator[BriefItem]:
    """Questions to open with: a promise of ours, a barrier, a need; otherwise a plain one."""
    found = list(_questions(material))[:_QUESTIONS]
    yield from found or [record_item(material, material.reader.words.say("ask_first"))]


def _questions(material: Material) -> Iterator[BriefItem]:
    reader = material.reader
    others = [one for one in material.open_promises() if not reader.is_mine(one.person)][:1]
    for one in others:
        yield _question(reader, "ask_promise", one.what, one.provenance.source.entry_id, one.provenance.true_at)
    told = material.barriers_first()
    for insight in [one for one in told if one.barrier][:2]:
        held = insight.provenance
        yield _question(reader, "ask_barrier", insight.statement, held.source.entry_id, held.true_at)
    for insight in [one for one in told if one.kind is InsightKind.NEED and not one.barrier][:2]:
        held = insight.provenance
        yield _question(reader, "ask_need", insight.statement, held.source.entry_id, held.true_at)


def _question(reader: Reader, key: str, quote: str, entry_id: str, at: datetime) -> BriefItem:
    text = reader.words.say(key, quote=excerpt(quote, 90).rstrip(".。?？"))
    return BriefItem(text, f"record:{entry_id}", reader.words.say("who_record"), reader.day(at))
