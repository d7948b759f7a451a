"""Briefs and the record as the contract and `--json` write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assistant.domain.answer import Choice
from assistant.domain.brief import Brief, BriefItem
from assistant.domain.customer import Customer
from assistant.domain.interaction import Interaction
from assistant.record.facts import CustomerFacts


def brief_json(brief: Brief) -> dict[str, Any]:
    """The `result` of a `brief` line."""
    result: dict[str, Any] = {
        "customer": _named(brief.customer) if brief.customer else None,
        "sections": [
            {"title": section.title, "items": [_item(item) for item in section.items]} for section in brief.sections
        ],
    }
    if brief.clarify is not None:
        result["clarify"] = {"question": brief.clarify.question, "choices": _choices(brief.clarify.choices)}
    return result


def _item(item: BriefItem) -> dict[str, str]:
    return {"text": item.text, "source": f"{item.source_id} ({item.source})", "as_of": item.as_of.isoformat()}


def _named(customer: Customer) -> dict[str, str]:
    return {"id": customer.id, "name": customer.name}


def _choices(choices: Iterable[Choice]) -> list[dict[str, str]]:
    return [{"id": choice.id, "label": choice.label} for choice in choices]


def customer_rows(customers: Iterable[Customer]) -> list[dict[str, Any]]:
    """Customers as rows of a list."""
    return [
        {
            "id": customer.id,
            "kind": customer.kind.value,
            "name": customer.name,
            "specialty": customer.specialty,
            "town": customer.town,
            "territories": sorted(customer.territories),
        }
        for customer in customers
    ]


def shown_json(shown: CustomerFacts | tuple[Choice, ...]) -> dict[str, Any]:
    """What `rep customers show --json` writes."""
    if isinstance(shown, tuple):
        return {"customer": None, "choices": _choices(shown)}
    return {
        "customer": customer_rows([shown.customer])[0],
        "interactions": [_contact(entry) for entry in shown.contacts],
        "insights": [
            {"kind": one.kind.value, "topic": one.topic.value, "text": one.statement} for one in shown.insights
        ],
        "follow_ups": [
            {"what": one.what, "status": one.status.value, "due_on": one.due_on and str(one.due_on)}
            for one in shown.follow_ups
        ],
        "preferences": [{"text": one.text, "stance": one.stance.value} for one in shown.preferences],
    }


def _contact(entry: Interaction) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "channel": entry.channel,
        "author": entry.author,
        "author_role": entry.author_role,
        "summary": entry.summary,
        "shown": entry.shown,
    }


def shown_lines(shown: CustomerFacts | tuple[Choice, ...]) -> Iterator[str]:
    """What `rep customers show` prints."""
    if isinstance(shown, tuple):
        yield from (f"{choice.id}\t{choice.label}" for choice in shown)
        return
    yield f"{shown.customer.name} ({shown.customer.id})"
    for entry in shown.contacts:
        text = entry.summary if entry.shown else "(not for this role)"
        yield f"{entry.at.date()}  {entry.channel}, {entry.author_role} {entry.author}: {text}"
