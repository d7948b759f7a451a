"""From a question and what was found to a verdict with its reason: answer, refer, or say that nothing is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.ask.conditions import condition_mentions
from assistant.ask.evidence import EvidenceRoom, UnitShelf
from assistant.ask.label_facts import LabelFacts, label_facts, merged
from assistant.ask.outcome import FIGURES, Signals, Span, Verdict, judge, word_signals
from assistant.ask.patient_age import patient_age
from assistant.ask.quote_features import Candidates, cover_of
from assistant.ask.select import share_of
from assistant.ask.wording import say
from knowledge.models import Document, DocumentType
from knowledge.names import Mention, ProductNames
from knowledge.retrieval import Hit, distinct_sections
from knowledge.retrieval.concepts import concepts
from knowledge.retrieval.match import rarity
from knowledge.text import terms
from knowledge.vocabulary import DrugVocabulary

# Answer only when the model gives "answer" at least this share; else the likeliest refusal. Where the label's own facts
# speak against the use asked about (a condition or an age it does not cover, a comparison), far more is asked for.
ANSWER_SHARE = 0.35
DOUBTED_SHARE = 0.7
_DOUBTS = ("use_of_absent", "use_below_age", "dose_of_other", "dose_below_age", "compared_absent")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a question, how sure that is, and why, in words for the asker."""

    verdict: Verdict
    share: float
    why: str


class OutcomeJudge:
    """Decides what may be answered, from the label's own words. Facts of a label are read once and kept."""

    def __init__(self, room: EvidenceRoom, drugs: DrugVocabulary) -> None:
        self._room = room
        self._vocabulary = drugs
        self._facts: dict[str, LabelFacts] = {}

    def signals(
        self,
        question: str,
        history: Sequence[str],
        names: ProductNames,
        products: frozenset[str],
        documents: Sequence[Document],
        hits: Sequence[Hit],
        found: Candidates,
    ) -> Signals:
        """Everything the outcome model looks at. `documents` are the valid ones of the products asked about."""
        shelves = [self._room.shelf(document) for document in documents]
        drugs = self._drugs(question, names, products, shelves)
        words = word_signals(question, drugs, self.facts(documents))
        figures = dict(words.figures)
        figures.update(_hit_figures(hits, found))
        figures.update(_cover_figures(question, hits, shelves))
        figures["history"] = float(bool(history))
        figures["asked_and_found"] = figures["best_hit"] * figures.get("cover_best", 0.0)
        assert figures.keys() <= set(FIGURES), figures.keys() - set(FIGURES)
        return Signals(words.masked, figures)

    def decide(self, signals: Signals, question: str, product: str, facts: LabelFacts, language: str) -> Decision:
        """The verdict for these signals, with the reason a person can check."""
        shares = judge(signals)
        doubted = any(signals.figures.get(name) for name in _DOUBTS) or signals.figures.get("cue_off_label_words")
        if shares[Verdict.ANSWER] >= (DOUBTED_SHARE if doubted else ANSWER_SHARE):
            return Decision(Verdict.ANSWER, shares[Verdict.ANSWER], "")
        refusals = {verdict: share for verdict, share in shares.items() if verdict is not Verdict.ANSWER}
        verdict = max(refusals, key=lambda name: refusals[name])
        return Decision(verdict, refusals[verdict], _reason(verdict, question, product, facts, language))

    def facts(self, documents: Sequence[Document]) -> LabelFacts:
        """What the labels among these documents cover; of every document when none is a label."""
        labels = [document for document in documents if document.approval.type is DocumentType.LABEL] or documents
        return merged([self._facts_of(document) for document in labels])

    def _facts_of(self, document: Document) -> LabelFacts:
        if document.key not in self._facts:
            self._facts[document.key] = label_facts(self._room.shelf(document))
        return self._facts[document.key]

    def _drugs(
        self, question: str, names: ProductNames, products: frozenset[str], shelves: Sequence[UnitShelf]
    ) -> list[Span]:
        named = [_own_span(mention, products, shelves) for mention in names.mentions(question)]
        others = [
            Span(m.start, m.end, ours=False, known=_spoken_of(shelves, m.drug, m.text))
            for m in self._vocabulary.other_drugs(question, names)
        ]
        return named + others


def _own_span(mention: Mention, products: frozenset[str], shelves: Sequence[UnitShelf]) -> Span:
    ours = not products or bool(mention.products & products)
    return Span(mention.start, mention.end, ours, known=ours or _spoken_of(shelves, mention.text, *mention.products))


def _spoken_of(shelves: Sequence[UnitShelf], *names: str) -> bool:
    return any(_speaks_of(shelf, name) for shelf in shelves for name in names)


def _speaks_of(shelf: UnitShelf, name: str) -> bool:
    wanted = terms(name, shelf.document.approval.language)
    return bool(wanted) and all(len(shelf.text.of(term)[0]) for term in wanted)


def _hit_figures(hits: Sequence[Hit], found: Candidates) -> dict[str, float]:
    best = [hit.score for hit in distinct_sections(hits, 10)] + [0.0] * 10
    scores = share_of(found.rows)
    return {
        "best_hit": best[0],
        "second_hit": best[1],
        "tenth_hit": best[9],
        "unit_best": float(scores.max()) if len(scores) else 0.0,
    }


def _cover_figures(question: str, hits: Sequence[Hit], shelves: Sequence[UnitShelf]) -> dict[str, float]:
    """How much of the question's weight one unit, the best sections, and the whole documents cover."""
    asked = concepts(question)
    if not asked or not shelves:
        return {}
    best = {(hit.document.key, hit.passage.section_ordinal) for hit in distinct_sections(hits, 5)}
    one = np.zeros(len(asked), dtype=np.float32)
    near, anywhere, rare = one.copy(), one.copy(), one.copy()
    unit = 0.0
    for shelf in shelves:
        cover = np.maximum(
            cover_of(shelf.text, np.arange(len(shelf.units)), asked),
            0.8 * cover_of(shelf.around, np.arange(len(shelf.units)), asked),
        )
        weights = rarity(cover)
        inside = np.array([(shelf.document.key, int(o)) in best for o in shelf.section_of], dtype=bool)
        anywhere = np.maximum(anywhere, cover.max(axis=1, initial=0.0))
        rare = np.maximum(rare, weights)
        if inside.any():
            near = np.maximum(near, cover[:, inside].max(axis=1))
            unit = max(unit, float((weights @ cover[:, inside]).max() / max(float(weights.sum()), 1e-6)))
    total = max(float(rare.sum()), 1e-6)
    return {
        "cover_best": unit,
        "cover_sections": float(rare @ near) / total,
        "cover_document": float(rare @ anywhere) / total,
        "gap_known": float(((anywhere < 0.5) * np.array([concept.translated for concept in asked])).sum()) / len(asked),
        "chinese": float(any(concept.translated for concept in asked)),
    }


def _reason(verdict: Verdict, question: str, product: str, facts: LabelFacts, language: str) -> str:
    if verdict is Verdict.COMPETITOR:
        return say("why_competitor", language, product=product)
    if verdict is Verdict.ACCESS_PRICE:
        return say("why_access", language)
    if verdict is Verdict.OPINION:
        return say("why_opinion", language)
    if verdict is Verdict.NOT_IN_LABEL:
        return say("why_silent", language, product=product)
    outside = [m for m in condition_mentions(question) if facts.standing(m.condition) != "approved"]
    age = patient_age(question)
    if outside:
        reason = say("reason_condition", language, condition=question[outside[0].start : outside[0].end])
    elif age is not None and facts.minimum_age is not None and age < facts.minimum_age:
        reason = say("reason_age", language)
    else:
        reason = say("reason_use", language)
    return say("why_off_label", language, product=product, reason=reason)
