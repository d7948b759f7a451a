"""The `ask` operation: a question in, an answer out, in the contract's shape."""

from __future__ import annotations

from typing import Any

from integrations.answer_json import answer_json
from integrations.batch import OpCall
from integrations.receiving import receive


def ask(call: OpCall) -> dict[str, Any]:
    """Answer `question`, with the thread's earlier texts in `history` and what it is about in `product`."""
    if call.record_key is not None:
        receive(call.assistant, call.principal, call.record_key, call.text("question"))
    answer = call.assistant.application.ask.ask(
        call.principal, call.text("question"), call.texts("history"), call.optional_text("product")
    )
    return answer_json(answer)
