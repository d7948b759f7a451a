"""The `brief` operation: a customer's name in, a brief out, in the contract's shape."""

from __future__ import annotations

from typing import Any

from integrations.batch import OpCall
from integrations.customer_json import brief_json


def brief(call: OpCall) -> dict[str, Any]:
    """Brief the person on `customer`: a name, an identifier or an id."""
    return brief_json(call.assistant.application.brief.brief(call.principal, call.text("customer")))
