"""An answer as the contract writes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.domain.answer import Answer
from knowledge.models import Citation


def answer_json(answer: Answer) -> dict[str, Any]:
    """The `result` of an `ask` line."""
    result: dict[str, Any] = {
        "outcome": answer.outcome.value,
        "sentences": [{"text": said.text, "citations": _citations(said.citations)} for said in answer.sentences],
        "notices": [
            {"kind": notice.kind.value, "text": notice.text, "citations": _citations(notice.citations)}
            for notice in answer.notices
        ],
        "passages": [
            {
                "document_id": found.document_id,
                "section_number": found.section_number,
                "section_title": found.section_title,
                "quote": found.quote,
                "score": round(found.score, 6),
            }
            for found in answer.passages
        ],
        "referrals": [{"type": referral.type.value, "why": referral.why} for referral in answer.referrals],
        "help": answer.help,
        "language": answer.language,
        "composed_by": answer.composed_by,
        "dropped": [{"text": dropped.text, "why": dropped.why} for dropped in answer.dropped],
    }
    if answer.clarify is not None:
        choices = [{"id": choice.id, "label": choice.label} for choice in answer.clarify.choices]
        result["clarify"] = {"question": answer.clarify.question, "choices": choices}
    return result


def _citations(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    return [
        {
            "document_id": citation.document_id,
            "version": citation.version,
            "section_number": citation.section_number,
            "section_title": citation.section_title,
            "quote": citation.quote,
        }
        for citation in citations
    ]
