"""A screen's result in the contract's shape."""

from __future__ import annotations

from typing import Any

from assistant.screen.result import ScreenResult


def triage_json(result: ScreenResult) -> dict[str, Any]:
    """The `triage` operation's result; evidence never holds a patient identifier: it is cut from the redacted text."""
    return {
        "intents": [intent.value for intent in result.intents],
        "referrals": [
            {
                "type": finding.type.value,
                "evidence": result.redacted_between(finding.start, finding.end),
                "score": finding.score,
                "why": finding.reason,
            }
            for finding in result.findings
        ],
        "special_situation": result.special_situation.value if result.special_situation else None,
        "contains_patient_identifier": result.contains_patient_identifier,
        "prompt_injection": result.prompt_injection,
        "redacted": result.redacted,
        "language": result.language,
        "notes": list(result.notes),
    }
