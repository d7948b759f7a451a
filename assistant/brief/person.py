"""The parts of a brief about the customer: who, what to mind, promises, what they think."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from assistant.brief.material import Material
from assistant.domain.brief import BriefItem
from assistant.domain.customer import Consent, ConsentStatus, Customer
from assistant.domain.follow_up import FollowUp
from assistant.domain.insight import Insight
from assistant.record.phrases import excerpt
from assistant.record.resolve import describe
from assistant.record.wording import Reader
from knowledge.models import ALL_PRODUCTS

_WEEK = timedelta(days=7)
# Contacts in seven days, over all functions, from which one more interruption is not worth it.
HEAVY_TOUCH = 4


def record_item(material: Material, text: str, *, customer: Customer | None = None, urgent: bool = False) -> BriefItem:
    """A line from a customer's own row of the record."""
    reader, about = material.reader, customer or material.customer
    learned = reader.day(about.learned_at) if about.learned_at else reader.today
    return BriefItem(text, f"record:{about.id}", reader.words.say("who_record"), learned, urgent)


def who(material: Material) -> Iterator[BriefItem]:
    """Name, specialty, workplace; where they stand with the reader's products."""
    yield record_item(material, describe(material.customer, dict(material.places)))
    stage = material.customer.attributes.get("stage")
    if isinstance(stage, Mapping):
        mine = [f"{product} {held}" for product, held in stage.items() if _assigned(material.reader, str(product))]
        if mine:
            yield record_item(material, material.reader.words.say("stage", stage=", ".join(mine)))


def _assigned(reader: Reader, product: str) -> bool:
    return ALL_PRODUCTS in reader.scope.products or product in reader.scope.products


def hold(material: Material) -> Iterator[BriefItem]:
    """Touch load, opt-outs and preferences: what to mind before any contact."""
    yield from _touch_load(material)
    yield from (line for consent in material.customer.consents if (line := _consent(material, consent)))
    yield from _preferences(material)
    words, attributes = material.reader.words, material.customer.attributes
    for name in ("access", "best_time"):
        if attributes.get(name):
            key = "get_in" if name == "access" else name
            yield record_item(material, words.say(key, text=attributes[name]))
    if attributes.get("prefers"):
        yield record_item(material, words.say("prefers_channel", channel=words.channel(str(attributes["prefers"]))))


def _touch_load(material: Material) -> Iterator[BriefItem]:
    reader = material.reader
    recent = [entry for entry in material.facts.contacts if entry.at > reader.now - _WEEK]
    if len(recent) < 2:
        return
    by_role = Counter(entry.author_role for entry in recent)
    heavy = len(recent) >= HEAVY_TOUCH
    text = reader.words.say(
        "touch",
        count=len(recent),
        functions=reader.words.say("functions" if len(by_role) > 1 else "one_function", count=len(by_role)),
        who=", ".join(f"{reader.words.role(role)} {count}" for role, count in by_role.most_common()),
    )
    if heavy:
        text += reader.words.say("touch_hold")
    latest = recent[0]
    yield BriefItem(text, f"record:{latest.id}", reader.contact(latest), reader.day(latest.at), urgent=heavy)


def _consent(material: Material, consent: Consent) -> BriefItem | None:
    words = material.reader.words
    channel = words.channel(consent.channel)
    if consent.status is ConsentStatus.DENIED and consent.holds_on(material.reader.today):
        return record_item(material, words.say("consent_denied", channel=channel), urgent=True)
    if consent.status is ConsentStatus.PENDING:
        return record_item(material, words.say("consent_pending", channel=channel))
    if consent.status is ConsentStatus.GRANTED and consent.until and not consent.holds_on(material.reader.today):
        return record_item(material, words.say("consent_expired", channel=channel, day=words.day(consent.until)))
    return None


def _preferences(material: Material) -> Iterator[BriefItem]:
    reader = material.reader
    for one in material.facts.preferences[:4]:
        held = one.provenance
        yield BriefItem(
            f"“{excerpt(one.text)}”", f"record:{held.source.entry_id}", reader.heard_by(held), reader.day(held.true_at)
        )


def promises(material: Material) -> Iterator[BriefItem]:
    """Open promises, overdue first, the reader's own before others'."""
    for one in material.open_promises():
        yield _promise(material.reader, one)


def _promise(reader: Reader, one: FollowUp) -> BriefItem:
    held, words = one.provenance, reader.words
    late = one.overdue(reader.today)
    when = words.say("open")
    if one.due_on:
        when = words.say("overdue" if late else "due", day=words.day(one.due_on))
    owner = words.say("mine") if reader.is_mine(one.person) else one.person or words.role(one.owner.value)
    text = f"{when} ({owner}): “{excerpt(one.what)}”"
    return BriefItem(text, f"record:{held.source.entry_id}", reader.heard_by(held), reader.day(held.true_at), late)


def thinks(material: Material) -> Iterator[BriefItem]:
    """What they believe, need and fear, in the words it was noted in; what stands in the way first."""
    for one in material.barriers_first():
        yield insight_item(material.reader, one)


def insight_item(reader: Reader, one: Insight) -> BriefItem:
    """One insight with who heard it."""
    mark = f"[{reader.words.say('barrier')}] " if one.barrier else ""
    held = one.provenance
    text = f"{mark}“{excerpt(one.statement)}”"
    return BriefItem(
        text, f"record:{held.source.entry_id}", reader.heard_by(held), reader.day(held.true_at), one.barrier
    )
