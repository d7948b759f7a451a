"""The `triage` operation: what a message holds that somebody must hear of, in the contract's shape."""

from __future__ import annotations

from typing import Any

from integrations.batch import OpCall
from integrations.triage_json import triage_json


def triage(call: OpCall) -> dict[str, Any]:
    """Screen `message`, sent by one of `sender_role`."""
    return triage_json(call.assistant.screened(call.text("message"), call.text("sender_role", "rep")))
