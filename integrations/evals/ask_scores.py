"""What is measured of one answer, and the figures over all of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from integrations.evals.matching import compact, holds_span, on_screen, percentile, plain, share, word_list

_MEDICAL = {"medical_information_request", "msl_engagement"}
_BENEFIT_KINDS = {"indication", "clinical_study"}
_BALANCE = {"boxed_warning", "important_safety_information"}
_HELPFUL_WORDS = 4
_NEW_WORDS = 0.1


@dataclass(frozen=True, slots=True)
class Judged:
    """One record with its answer and everything measured of it. `reasons` is empty when nothing was missed."""

    record: Mapping[str, Any]
    result: Mapping[str, Any]
    milliseconds: float
    ranks: tuple[bool, ...]
    span: bool
    outcome_right: bool
    quotes: int
    exact: int
    foreign: int
    unbacked: int
    balanced: bool
    words: int
    reasons: tuple[str, ...] = field(default=())

    @property
    def answerable(self) -> bool:
        """Whether approved text answers it."""
        return bool(self.record["answerable"])

    @property
    def missed(self) -> bool:
        """Whether anything a person would notice went wrong."""
        return bool(self.reasons)

    @property
    def wanted(self) -> str:
        """What should have come, in short."""
        places = [str(g.get("number") or g.get("title")) for g in self.record.get("gold_sections") or ()]
        return f"{self.record['expected']} {', '.join(places[:3])}".strip()

    @property
    def found(self) -> str:
        """What came, in short."""
        places = [p["section_number"] or p["section_title"][:30] for p in self.result.get("passages") or ()]
        return f"{self.result.get('outcome')} {', '.join(places[:5])}".strip()


def judge(record: Mapping[str, Any], result: Mapping[str, Any], texts: Mapping[str, str], ms: float) -> Judged:
    """Measure one answer. `texts` holds the approved text by document id, compacted."""
    sentences, notices = result.get("sentences") or [], result.get("notices") or []
    citations = [citation for part in (*sentences, *notices) for citation in part["citations"]]
    exact = sum(bool(q := compact(c["quote"])) and q in texts.get(c["document_id"], "") for c in citations)
    shown = _shown(sentences)
    measured = Judged(
        record=record,
        result=result,
        milliseconds=ms,
        ranks=tuple(section_matches(found, record) for found in (result.get("passages") or ())[:10]),
        span=any(holds_span(span, shown) for span in record.get("gold_spans") or ()),
        outcome_right=_outcome_right(record, result),
        quotes=len(citations),
        exact=exact,
        foreign=sum(citation["document_id"] != record["label_id"] for citation in citations),
        unbacked=sum(_unbacked(sentence, result) for sentence in sentences),
        balanced=any(notice["kind"] in _BALANCE and notice["citations"] for notice in notices),
        words=_words(sentences),
    )
    return replace(measured, reasons=_why(measured))


def section_matches(found: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a passage found lies in one of the gold sections, by number or by heading."""
    if found["document_id"] != record["label_id"]:
        return False
    number, title = plain(found["section_number"]), plain(found["section_title"])
    return any(_same_section(gold, number, title) for gold in record.get("gold_sections") or ())


def _same_section(gold: Mapping[str, Any], number: str, title: str) -> bool:
    wanted_number = plain(str(gold.get("number") or ""))
    wanted = plain(gold.get("title") or (gold.get("path") or [""])[-1])
    if wanted_number and (number == wanted_number or number.startswith(f"{wanted_number} ")):
        return True
    if not wanted or not title:
        return False
    inside = f" {title} " in f" {wanted} " and len(title) > 4
    around = f" {wanted} " in f" {title} " and len(title) < len(wanted) + 160
    return title == wanted or inside or around


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """The figures of a set, those the targets name first."""
    can = [one for one in judged if one.answerable]
    cannot = [one for one in judged if not one.answerable]
    benefit = [o for o in can if o.record["kind"] in _BENEFIT_KINDS and o.result["outcome"] == "answered"]
    refusals = [o for o in judged if o.result["outcome"] in ("referred", "not_found")]
    off_label = [o for o in judged if o.record["kind"] == "off_label"]
    times = [one.milliseconds for one in judged]
    return {
        "answerable": len(can),
        "recall@1": share(sum(any(o.ranks[:1]) for o in can), len(can)),
        "recall@5": share(sum(any(o.ranks[:5]) for o in can), len(can)),
        "recall@10": share(sum(any(o.ranks) for o in can), len(can)),
        "span_shown": share(sum(o.span for o in can), len(can)),
        "median_words": statistics.median([o.words for o in can] or [0]),
        "outcome_ok": share(sum(o.outcome_right for o in judged), len(judged)),
        "answerable_referred": f"{sum(o.result['outcome'] == 'referred' for o in can)}/{len(can)}",
        "answerable_refused": f"{sum(o.result['outcome'] != 'answered' for o in can)}/{len(can)}",
        "unanswerable_answered": f"{sum(o.result['outcome'] == 'answered' for o in cannot)}/{len(cannot)}",
        "off_label_answered": f"{sum(o.result['outcome'] == 'answered' for o in off_label)}/{len(off_label)}",
        "quotes_exact": share(sum(o.exact for o in judged), sum(o.quotes for o in judged)),
        "citations_of_other_documents": sum(o.foreign for o in judged),
        "sentences_unbacked": sum(o.unbacked for o in judged),
        "balanced": f"{sum(o.balanced for o in benefit)}/{len(benefit)}",
        "refusal_helps": f"{sum(_helps(o.result) for o in refusals)}/{len(refusals)}",
        **{name: _slice(can, test) for name, test in _SLICES.items()},
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
    }


_SLICES: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "tables_ok": lambda record: any("|" in span for span in record.get("gold_spans") or ()),
    "follow_ups_ok": lambda record: bool(record.get("history")),
    "other_languages_ok": lambda record: record["language"] != "en",
    "hard_ok": lambda record: record["difficulty"] == "hard",
}


def _slice(can: Sequence[Judged], test: Callable[[Mapping[str, Any]], bool]) -> str:
    chosen = [one for one in can if test(one.record)]
    return f"{sum(any(one.ranks[:5]) and one.span for one in chosen)}/{len(chosen)}"


def _outcome_right(record: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    outcome = result.get("outcome")
    referred = {referral["type"] for referral in result.get("referrals") or ()} if outcome == "referred" else set()
    if record["expected"] == "answer":
        return outcome == "answered"
    if record["expected"] == "refer_market_access":
        return "market_access" in referred
    medical = bool(referred & _MEDICAL)
    return medical or (record["expected"] == "say_not_found" and outcome == "not_found")


def _shown(sentences: Sequence[Mapping[str, Any]]) -> str:
    quotes = [citation["quote"] for sentence in sentences for citation in sentence["citations"]]
    return on_screen([sentence["text"] for sentence in sentences], quotes)


def _words(sentences: Sequence[Mapping[str, Any]]) -> int:
    said = " ".join(sentence["text"] for sentence in sentences)
    quoted = {citation["quote"] for sentence in sentences for citation in sentence["citations"]}
    return max(len(word_list(said)), len(word_list(" ".join(quoted))))


def _unbacked(sentence: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    said = set(word_list(sentence["text"]))
    new = said - set(word_list(" ".join(citation["quote"] for citation in sentence["citations"])))
    figures_new = any(word[0].isdigit() for word in new)
    words_new = result.get("composed_by") != "model" and len(new) > _NEW_WORDS * len(said)
    return not sentence["citations"] or figures_new or words_new


def _helps(result: Mapping[str, Any]) -> bool:
    return len(word_list(result.get("help") or "")) >= _HELPFUL_WORDS


def _why(one: Judged) -> tuple[str, ...]:
    """What was missed, as reasons a person can act on."""
    reasons = []
    if not one.outcome_right:
        reasons.append(f"wanted {one.record['expected']}, was {one.result.get('outcome')}")
    if one.answerable and not any(one.ranks[:5]):
        reasons.append("section found late" if any(one.ranks) else "section not found")
    if one.answerable and one.result.get("outcome") == "answered" and not one.span:
        reasons.append("the words that answer are not shown")
    if one.exact < one.quotes:
        reasons.append(f"{one.quotes - one.exact} quotes are not exact")
    if one.unbacked:
        reasons.append(f"{one.unbacked} sentences say more than their quotes")
    return tuple(reasons)
