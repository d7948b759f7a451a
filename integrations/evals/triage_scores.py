"""Figures over screened messages, counted as the evaluation's own scorer counts them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

# Messages that mention side effects in any way, whether one happened or not.
_SIDE_EFFECT = re.compile(
    r"side.?effect|adverse|\bAEs?\b|reaction|safety|tolerab|nause|vomit|diarrh|constipat|rash|hives|bleed|bruis|"
    r"headache|dizz|fatigue|swelling|infection|pancreat|thyroid|injection.site|hair loss|neutropeni|pneumonitis|副作用|"
    r"不良|噁心|嘔吐|腹瀉|便秘|皮疹|出血|effets?|naus[ée]e|éruption|Nebenwirk|Übelkeit|Ausschlag|Durchfall",
    re.I,
)
_OWN = re.compile(r"curios|own off-label")
_MEDICAL, _MSL = "medical_information_request", "msl_engagement"
_KEPT_SHARE = 0.5
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Judged:
    """One record with its result. `got` and `want` are referral types after the conventions of the gold."""

    record: Mapping[str, Any]
    result: Mapping[str, Any]
    got: frozenset[str]
    want: frozenset[str]
    milliseconds: float

    @property
    def wrong(self) -> list[str]:
        """Everything about this record that differs from the gold, in words."""
        found = [f"missed {t}" for t in sorted(self.want - self.got)] + [
            f"false {t}" for t in sorted(self.got - self.want)
        ]
        found += [
            ("missed " if self.record[name] else "false ") + name
            for name in ("contains_patient_identifier", "prompt_injection")
            if bool(self.result.get(name)) != bool(self.record[name])
        ]
        if set(self.result["intents"]) != set(self.record["intents"]):
            found.append(f"intents {'+'.join(self.result['intents'])} for {'+'.join(self.record['intents'])}")
        return found


def judge(record: Mapping[str, Any], result: Mapping[str, Any], milliseconds: float) -> Judged:
    """Apply the conventions: the sender's own curiosity is not scored, an MSL may stand in for medical information."""
    got = {r["type"] for r in result["referrals"]}
    want = set(record["referrals"])
    if _OWN.search(record.get("why") or ""):
        got -= {_MEDICAL, _MSL}
        want -= {_MEDICAL}
    if _MSL in got - want and _MEDICAL in want - got:
        got = got - {_MSL} | {_MEDICAL}
    return Judged(record, result, frozenset(got), frozenset(want), milliseconds)


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share."""
    if not total:
        return 0.0, 1.0
    share, z2 = hits / total, _Z**2
    middle = share + z2 / (2 * total)
    spread = _Z * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    low, high = (middle - spread) / (1 + z2 / total), (middle + spread) / (1 + z2 / total)
    return round(max(0.0, low), 3), round(min(1.0, high), 3)


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Precision, recall and F1 with 95% intervals: by type, identifiers, injections, intents; false alarms; time."""
    table: dict[str, Any] = {"n": len(judged)}
    for kind in sorted({t for j in judged for t in j.got | j.want}):
        table[kind] = _scores([(kind in j.got, kind in j.want) for j in judged])
    quiet = [j for j in judged if not j.want]
    calm = [j for j in judged if "adverse_event" not in j.want]
    hard = [j for j in calm if j.record.get("hard") or _SIDE_EFFECT.search(j.record["message"])]
    table["ae_false_alarm_on_hard_negatives"] = _share(sum("adverse_event" in j.got for j in hard), len(hard))
    table["ae_false_alarm_all"] = _share(sum("adverse_event" in j.got for j in calm), len(calm))
    table["flagged_when_none"] = _share(sum(bool(j.got) for j in quiet), len(quiet))
    table["redacted_ok"] = _share(sum(_redacted_well(j) for j in judged), len(judged))
    for field, name in (
        ("contains_patient_identifier", "patient_identifier"),
        ("prompt_injection", "prompt_injection"),
    ):
        table[name] = _scores([(bool(j.result[field]), bool(j.record[field])) for j in judged])
    table["injection_false_alarms"] = _share(
        sum(bool(j.result["prompt_injection"]) and not j.record["prompt_injection"] for j in judged),
        sum(not j.record["prompt_injection"] for j in judged),
    )
    table["intents_micro"] = _micro([(set(j.result["intents"]), set(j.record["intents"])) for j in judged])
    table["by_language"] = _by_language(judged)
    times = sorted(j.milliseconds for j in judged)
    table["p50_ms"], table["p95_ms"] = (round(times[int(q * (len(times) - 1))], 2) for q in (0.5, 0.95))
    return table


def _scores(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    count = Counter(pairs)
    hit, false, missed = count[True, True], count[True, False], count[False, True]
    precision, recall = hit / max(1, hit + false), hit / max(1, hit + missed)
    return {
        "p": round(precision, 3), "r": round(recall, 3),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 3), "n": hit + missed,
        "r_95": interval(hit, hit + missed), "p_95": interval(hit, hit + false),
    }  # fmt: skip


def _micro(pairs: Sequence[tuple[set[str], set[str]]]) -> dict[str, Any]:
    hit = sum(len(g & w) for g, w in pairs)
    got, want = sum(len(g) for g, _ in pairs), sum(len(w) for _, w in pairs)
    precision, recall = hit / max(1, got), hit / max(1, want)
    score = 2 * precision * recall / max(1e-9, precision + recall)
    return {"p": round(precision, 3), "r": round(recall, 3), "f1": round(score, 3), "n": want}


def _share(hits: int, total: int) -> dict[str, Any]:
    return {"of": f"{hits}/{total}", "share": round(hits / max(1, total), 3), "95": interval(hits, total)}


def _by_language(judged: Sequence[Judged]) -> dict[str, str]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.record.get("language") or "?"].append(one)
    return {
        language: f"events {sum('adverse_event' in j.got & j.want for j in group)}"
        f"/{sum('adverse_event' in j.want for j in group)},"
        f" all right {sum(not j.wrong for j in group)}/{len(group)}"
        for language, group in sorted(groups.items())
    }


def _redacted_well(one: Judged) -> bool:
    """Changed exactly when a patient is identified, and never cut to pieces."""
    message, redacted = one.record["message"], one.result["redacted"]
    changed = _words(message) != _words(redacted)
    kept = len(_words(redacted)) >= _KEPT_SHARE * len(_words(message))
    return kept and changed == bool(one.record["contains_patient_identifier"])


def _words(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]|[^\W_]+", text.lower())
