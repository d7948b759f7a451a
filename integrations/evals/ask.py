"""`rep eval ask`: questions with known answers, asked as `rep batch` asks them; every miss with its reason."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.domain.answer import Answer
from assistant.domain.person import Principal
from assistant.errors import AssistantError
from assistant.policies.access import content_scope
from integrations.answer_json import answer_json
from integrations.evals import EvalReport, EvalRequest
from integrations.evals.ask_scores import Judged, figures, judge
from integrations.evals.matching import compact
from integrations.evals.records import SETS, read_records

SAMPLE = SETS / "sample_questions.jsonl"
_REQUIRED = ("id", "label_id", "product", "question", "answerable", "kind", "expected", "difficulty", "language")
_SHOWN = 160


def evaluate(request: EvalRequest) -> EvalReport:
    """Ask every record of the set and score the answers."""
    assistant = request.assistant
    principal = assistant.application.identify.by_email(request.email)
    records = read_records(request.data or SAMPLE, _REQUIRED)
    names = assistant.retrieval.names(content_scope(principal, assistant.clock.now()))
    asked = [record for record in records if request.with_product or names.products_in(_said(record))]
    texts = _approved_texts(request, principal)
    judged: list[Judged] = []
    for record in asked:
        started = time.perf_counter()
        result = _ask(request, principal, record)
        judged.append(judge(record, result, texts, 1000 * (time.perf_counter() - started)))
    return EvalReport(figures(judged), [_miss(one) for one in judged if one.missed])


def _ask(request: EvalRequest, principal: Principal, record: Mapping[str, Any]) -> dict[str, Any]:
    product = record["product"] if request.with_product else None
    try:
        answer: Answer = request.assistant.application.ask.ask(
            principal, record["question"], tuple(record.get("history") or ()), product
        )
    except AssistantError as fault:
        return {"outcome": "error", "error": str(fault)}
    return answer_json(answer)


def _said(record: Mapping[str, Any]) -> str:
    return "\n".join([record["question"], *(record.get("history") or ())])


def _approved_texts(request: EvalRequest, principal: Principal) -> dict[str, str]:
    """Everything approved in the asker's scope by document id, in the form quotes are compared by."""
    documents = request.assistant.documents
    scope = content_scope(principal, request.assistant.clock.now())
    valid = set(documents.keys_in_scope(scope))
    return {
        document.id: compact(" ".join(_section_texts(documents.sections(document.key))))
        for document in documents.documents(scope.tenant)
        if document.key in valid
    }


def _section_texts(sections: Iterable[Any]) -> Iterable[str]:
    for section in sections:
        yield section.title
        yield section.text


def _miss(one: Judged) -> dict[str, Any]:
    return {
        "id": one.record["id"],
        "product": one.record["product"],
        "question": one.record["question"][:_SHOWN],
        "wanted": one.wanted,
        "found": one.found,
        "why": "; ".join(one.reasons),
    }
