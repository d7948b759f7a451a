"""The screen: one pass over a message before anything else reads it, in milliseconds, without a language model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.domain.referral import ReferralType
from assistant.screen.context import rules_for
from assistant.screen.elements import Annotated, Annotator
from assistant.screen.features import Features, Window, windows
from assistant.screen.hints import hints_of
from assistant.screen.identifier_rules import identifier_rules
from assistant.screen.identifiers import find_identifiers, redact
from assistant.screen.injection import InjectionPattern, hidden_texts, injection_patterns, pattern_hits, squeezed
from assistant.screen.intents import intents_of
from assistant.screen.linear import load_model
from assistant.screen.matters import matters
from assistant.screen.products import OurProduct, ProductIndex, condition_tree, drug_groups
from assistant.screen.reasons import event_reason, matter_reason
from assistant.screen.result import (
    Finding,
    Identifier,
    Injection,
    Intent,
    ScreenResult,
    SpecialSituation,
)
from assistant.screen.text import read

WEIGHTS = Path(__file__).parent / "weights.npz"
OWN_QUESTION = "own_question"
_INJECTION = "injection"
_MODEL_ALONE_INJECTION = 0.7
_COMMANDS = frozenset(("OVERRIDE", "MACHINE", "OBEY", "SECRET"))
_MOST_INDEXES = 64
_HIDDEN_SCORE = 0.97
_ABSENT = re.compile(
    r"(?:see|in|per|as in) (?:the )?(?:attached|attachment|screenshot|screen shot|photo|pic|image)"
    r"|(?:attached|screenshot|photo) (?:below|above|attached|shows)"
    r"|見附件|如附圖|如圖|截圖|voir (?:la )?(?:photo|capture|piece jointe)|siehe (?:anhang|foto|screenshot)|im anhang"
)
_SAFE = "a picture or attachment is mentioned and was not part of the text: what it shows was not screened"
_ORDER = tuple(ReferralType)


class Screen:
    """Built once, then safe to share between threads: nothing changes but a bounded cache of product indexes."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Loads lexicons, tables, patterns and models; raises ScreenDataError when one is not what it must be."""
        self._annotator = Annotator()
        self._windows = load_model(weights, "windows")
        self._intents = load_model(weights, "intents")
        self._identifier_rules = identifier_rules()
        self._indexes: dict[tuple[OurProduct, ...], ProductIndex] = {}
        injection_patterns(), drug_groups(), condition_tree(), matters()

    def screen(
        self, text: str, sender_role: str = "rep", our_products: Iterable[OurProduct | str] = ()
    ) -> ScreenResult:
        """Everything that must not be missed in `text`, whatever it holds; never raises on a message.

        `our_products` are the company's, by name or with their indications; with none, every medicine may be ours.
        """
        note = self._annotator.annotate(read(text), self._index(our_products))
        identifiers = find_identifiers(note, self._identifier_rules)
        found, whole = windows(note, _token_ranges(note, identifiers), sender_role)
        scores = self._scores(found)
        findings = self._findings(note, found, scores)
        special = next((f.special_situation for f in findings if f.special_situation), None)
        return ScreenResult(
            text=text,
            findings=findings,
            intents=self._intents_of(note, whole, findings),
            identifiers=identifiers,
            redacted=redact(text, identifiers),
            injections=self._injections(note, found, scores),
            language=note.language,
            special_situation=special or self._off_label(found, scores),
            notes=(_SAFE,) if _ABSENT.search(note.reading.folded) else (),
        )

    def _index(self, ours: Iterable[OurProduct | str]) -> ProductIndex:
        key = tuple(p if isinstance(p, OurProduct) else OurProduct(p) for p in ours)
        index = self._indexes.get(key)
        if index is None:
            if len(self._indexes) >= _MOST_INDEXES:
                self._indexes.clear()
            index = self._indexes[key] = ProductIndex(key)
        return index

    def _scores(self, found: Sequence[Window]) -> NDArray[np.float32]:
        if not found:
            return np.zeros((0, len(self._windows.labels)), np.float32)
        return np.stack([self._windows.probabilities(w.features) for w in found])

    def _findings(self, note: Annotated, found: Sequence[Window], scores: NDArray[np.float32]) -> tuple[Finding, ...]:
        findings = [self._event(note, found, scores)]
        findings += [
            self._matter(note, found, scores, kind) for kind in _ORDER if kind is not ReferralType.ADVERSE_EVENT
        ]
        return tuple(f for f in findings if f is not None)

    def _column(self, label: str) -> int:
        return self._windows.labels.index(label)

    def _event(self, note: Annotated, found: Sequence[Window], scores: NDArray[np.float32]) -> Finding | None:
        """The strongest window that passes its bar: the threshold, or what a context rule raises it to."""
        column = self._column(ReferralType.ADVERSE_EVENT)
        threshold = float(self._windows.thresholds[column])
        best: tuple[float, int] | None = None
        for number in np.argsort(-scores[:, column]) if len(found) else ():
            score = float(scores[number, column])
            if score < threshold:
                break
            bar = max((threshold, *(r.bar for r in rules_for(note, found[number]))))
            if score >= bar and (best is None or _better(found[number], found[best[1]], score, best[0])):
                best = (score, int(number))
        if best is None:
            return None
        window = found[best[1]]
        start, end = _trimmed(note, window)
        situation = self._situation(scores[best[1]])
        rules = rules_for(note, window)
        return Finding(
            ReferralType.ADVERSE_EVENT, start, end, note.reading.original[start:end], round(best[0], 3),
            event_reason(note, start, end, situation, rules), situation, hints=hints_of(note, start, end),
        )  # fmt: skip

    def _situation(self, scores: NDArray[np.float32]) -> SpecialSituation | None:
        ranked = sorted(SpecialSituation, key=lambda s: -float(scores[self._column(s)]))
        column = self._column(ranked[0])
        return ranked[0] if scores[column] >= self._windows.thresholds[column] else None

    def _off_label(self, found: Sequence[Window], scores: NDArray[np.float32]) -> SpecialSituation | None:
        column = self._column(SpecialSituation.OFF_LABEL_USE)
        passed = len(found) and float(scores[:, column].max()) >= float(self._windows.thresholds[column])
        return SpecialSituation.OFF_LABEL_USE if passed else None

    def _matter(
        self, note: Annotated, found: Sequence[Window], scores: NDArray[np.float32], kind: ReferralType
    ) -> Finding | None:
        best = self._passing(note, found, scores, kind, kind)
        own = None
        if kind is ReferralType.MEDICAL_INFORMATION_REQUEST:
            own = self._passing(note, found, scores, kind, OWN_QUESTION)
        curious = own is not None and (best is None or own[0] > best[0])
        chosen = own if curious else best
        if chosen is None:
            return None
        start, end = _trimmed(note, found[chosen[1]])
        return Finding(
            kind, start, end, note.reading.original[start:end], round(chosen[0], 3),
            matter_reason(note, kind, start, end, curious), own_question=curious, hints=hints_of(note, start, end),
        )  # fmt: skip

    def _passing(
        self, note: Annotated, found: Sequence[Window], scores: NDArray[np.float32], kind: ReferralType, label: str
    ) -> tuple[float, int] | None:
        """The best window above its bar, as (score, number)."""
        column = self._column(label)
        threshold = float(self._windows.thresholds[column])
        matter = matters()[kind]
        for number in np.argsort(-scores[:, column]):
            score = float(scores[number, column])
            if score < threshold * matter.share:
                return None
            window = found[number]
            names = {h.name for h in note.classes_in(window.first_token, window.last_token)}
            names |= {"CONDITION"} if _condition(note, window) else set()
            if score >= matter.bar(names, threshold):
                return score, int(number)
        return None

    def _injections(
        self, note: Annotated, found: Sequence[Window], scores: NDArray[np.float32]
    ) -> tuple[Injection, ...]:
        text = note.reading.original
        hits = []
        for pattern, first, last in pattern_hits(note.reading.folded):
            start, end = note.reading.origin_span(first, last)
            hits.append(Injection(start, end, text[start:end], pattern.score, pattern.why))
        for hidden in hidden_texts(note.reading):
            said = next((p for p, _, _ in pattern_hits(read(hidden.text).folded)), None) or _squeezed_hit(hidden.text)
            if said is not None:
                why = f"hidden as {hidden.how}: {said.why}"
                part = text[hidden.start : hidden.end]
                hits.append(Injection(hidden.start, hidden.end, part, _HIDDEN_SCORE, why, hidden.text))
        column = self._column(_INJECTION)
        number = int(scores[:, column].argmax()) if len(found) else 0
        if not hits and len(found) and scores[number, column] >= self._injection_bar(note, found[number]):
            start, end = _trimmed(note, found[number])
            score = round(float(scores[number, column]), 3)
            hits.append(Injection(start, end, text[start:end], score, "it reads like an instruction to the assistant"))
        return tuple(hits)

    def _injection_bar(self, note: Annotated, window: Window) -> float:
        """The model alone must be sure; with two kinds of words of command its threshold is enough."""
        names = {h.name for h in note.classes_in(window.first_token, window.last_token)} & _COMMANDS
        return float(self._windows.thresholds[self._column(_INJECTION)]) if len(names) > 1 else _MODEL_ALONE_INJECTION

    def _intents_of(self, note: Annotated, whole: Features, findings: Sequence[Finding]) -> tuple[Intent, ...]:
        if not note.reading.tokens:
            return (Intent.OTHER,)
        ratios = self._intents.probabilities(whole) / self._intents.thresholds
        names = (Intent(label) for label in self._intents.labels)
        return intents_of(note, dict(zip(names, map(float, ratios), strict=True)), findings)


def _squeezed_hit(text: str) -> InjectionPattern | None:
    said = squeezed(text)
    words = (
        "ignoreallpreviousinstructions",
        "ignoreyourrules",
        "ignoreyourinstructions",
        "systemprompt",
        "ignoreprevious",
    )
    return injection_patterns()[0] if any(w in said for w in words) else None


def _condition(note: Annotated, window: Window) -> bool:
    return any(window.first_token <= h.first < window.last_token for h in note.conditions)


def _better(one: Window, other: Window, score: float, best: float) -> bool:
    """Shorter evidence is preferred while its score is nearly as high."""
    return one.sentences < other.sentences and score >= 0.8 * best


def _trimmed(note: Annotated, window: Window) -> tuple[int, int]:
    start, end = note.reading.span(window.first_token, window.last_token)
    text = note.reading.original
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _token_ranges(note: Annotated, identifiers: Sequence[Identifier]) -> list[tuple[int, int]]:
    ranges = []
    at = 0
    tokens = note.reading.tokens
    for item in identifiers:
        while at < len(tokens) and tokens[at].end <= item.start:
            at += 1
        last = at
        while last < len(tokens) and tokens[last].start < item.end:
            last += 1
        if last > at:
            ranges.append((at, last))
    return ranges
