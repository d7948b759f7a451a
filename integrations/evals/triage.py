"""`rep eval triage`: messages with known intents and referrals, screened; every miss with what was wanted and why."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from integrations.evals import EvalReport, EvalRequest
from integrations.evals.records import SETS, read_records
from integrations.evals.triage_scores import Judged, figures, judge
from integrations.triage_json import triage_json

SAMPLE = SETS / "sample_triage.jsonl"
_SHOWN = 200


def evaluate(request: EvalRequest) -> EvalReport:
    """Screen every record of the set and score the results."""
    judged: list[Judged] = []
    for record in _read(request.data or SAMPLE):
        started = time.perf_counter()
        result = request.assistant.screened(record["message"], record.get("sender_role") or "rep")
        judged.append(judge(record, triage_json(result), 1000 * (time.perf_counter() - started)))
    return EvalReport(figures(judged), [_miss(one) for one in judged if one.wrong])


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for record in read_records(path, ("message", "intents", "referrals")):
        yield {"contains_patient_identifier": False, "prompt_injection": False, **record}


def _miss(one: Judged) -> dict[str, Any]:
    return {
        "id": one.record.get("id"),
        "language": one.record.get("language"),
        "wrong": "; ".join(one.wrong),
        "wanted": ", ".join(sorted(one.want)) or "none",
        "found": ", ".join(f"{r['type']} {r['score']}: {r['why']}" for r in one.result["referrals"]) or "none",
        "message": one.record["message"][:_SHOWN],
        "why": one.record.get("why") or "",
    }
