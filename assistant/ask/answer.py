"""Ask: a question of approved content becomes a cited answer, or an honest refusal that says what would help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Protocol

import numpy as np

from assistant.ask.balance import balance_notices
from assistant.ask.decide import Decision, OutcomeJudge
from assistant.ask.evidence import EvidenceRoom
from assistant.ask.outcome import Verdict
from assistant.ask.quote_features import Candidates, Question, candidates
from assistant.ask.quoting import places_of, sentences_of
from assistant.ask.select import Quoted, choose
from assistant.ask.topic import OtherDrugs, Topic, find_topic
from assistant.ask.uses import use_notices
from assistant.ask.wording import say
from assistant.domain.answer import Answer, Choice, Clarification, FoundPassage, Notice, Outcome
from assistant.domain.person import Principal
from assistant.domain.referral import ReferralSuggestion, ReferralType
from assistant.errors import BadRequest
from assistant.policies.access import content_scope
from assistant.policies.fair_balance import balance_for
from assistant.ports import Clock
from knowledge.models import Document, DocumentType, Scope
from knowledge.names import ProductNames
from knowledge.ports import DocumentRepository, Embedder, QuoteIndex
from knowledge.retrieval import Hit, Query, RetrievalService, distinct_sections, score_by_product
from knowledge.retrieval.thread import read
from knowledge.text import guess_language
from knowledge.vocabulary import DrugVocabulary

LONGEST_QUESTION = 8_000
_SEARCHED = 60
_WORD = re.compile(r"\S+")
_SHOWN_PASSAGES = 10
_PASSAGE_WORDS = 250
_CLEAR_SHARE = 0.4
_CHOICES = 5

_REFERRED = {
    Verdict.OFF_LABEL: (ReferralType.MEDICAL_INFORMATION_REQUEST, "off_label"),
    Verdict.COMPETITOR: (ReferralType.MEDICAL_INFORMATION_REQUEST, "competitor"),
    Verdict.OPINION: (ReferralType.MEDICAL_INFORMATION_REQUEST, "opinion"),
    Verdict.ACCESS_PRICE: (ReferralType.MARKET_ACCESS, "access_price"),
}


class RecordAnswers(Protocol):
    """Questions of the customer's record, asked before approved content."""

    def answer(self, principal: Principal, question: str, history: Sequence[str]) -> Answer | None:
        """An answer from the record, or None when the question is not about it."""
        ...


class AskService:
    """One question at a time, without a language model: what is shown is quoted, exactly."""

    def __init__(
        self,
        *,
        repository: DocumentRepository,
        retrieval: RetrievalService,
        embedder: Embedder,
        quotes: QuoteIndex,
        drugs: DrugVocabulary,
        clock: Clock,
        record: RecordAnswers | None = None,
    ) -> None:
        self._repository = repository
        self._retrieval = retrieval
        self._embedder = embedder
        self._drugs = drugs
        self._clock = clock
        self._record = record
        self._room = EvidenceRoom(repository, quotes)
        self._judge = OutcomeJudge(self._room, drugs)
        self._names: tuple[tuple[str, int], ProductNames] | None = None

    def ask(
        self,
        principal: Principal,
        question: str,
        history: Sequence[str] = (),
        product: str | None = None,
        balanced: frozenset[str] = frozenset(),
    ) -> Answer:
        """Answer from what this person may see, or say honestly why not.

        `history` holds the thread's earlier messages, oldest first; `product` what it is known to be about; `balanced`
        the products whose safety text this conversation has shown in full. Raises BadRequest for a question that is
        empty or longer than `LONGEST_QUESTION` characters.
        """
        language = _language(question, history, principal)
        _check(question, language)
        if self._record is not None and (answer := self._record.answer(principal, question, history)) is not None:
            return answer
        names = self._all_names(principal.tenant)
        topic = find_topic(principal, names, self._other_drugs(names), question, history, product)
        if topic.denied:
            return Answer(Outcome.DENIED, language, help=say("denied", language))
        scope = content_scope(principal, self._clock.now())
        return self._look_up(scope, question, tuple(history), topic, language, balanced)

    def _look_up(
        self,
        scope: Scope,
        question: str,
        history: tuple[str, ...],
        topic: Topic,
        language: str,
        balanced: frozenset[str],
    ) -> Answer:
        hits = self._retrieval.search(
            Query(question, history, self._central(scope, question, history, topic)), scope, _SEARCHED
        )
        if not hits:
            key = "no_content" if not self._repository.keys_in_scope(scope) else "not_found_all"
            return Answer(Outcome.NOT_FOUND, language, help=say(key, language))
        if not topic.products and (clarify := _clarify(hits, language)):
            return Answer(Outcome.CLARIFY, language, passages=found_passages(hits), clarify=clarify)
        products = _likeliest(hits)
        hits = [hit for hit in hits if hit.document.approval.products & products]
        documents = self._documents(scope, products)
        found = self._candidates(question, history, hits)
        names = self._all_names(scope.tenant)
        signals = self._judge.signals(question, history, names, products, documents, hits, found)
        about = ", ".join(sorted(products))
        decision = self._judge.decide(signals, question, about, self._judge.facts(documents), language)
        return self._answer(decision, found, hits, products, documents, language, balanced)

    def _central(self, scope: Scope, question: str, history: tuple[str, ...], topic: Topic) -> frozenset[str]:
        """Of several products named, those asked about; not those only named beside them (taken with, compared to)."""
        if len(topic.products) < 2:
            return topic.products
        reading = read(Query(question, history), self._all_names(scope.tenant))
        return (reading.products & topic.products) or topic.products

    def _answer(
        self,
        decision: Decision,
        found: Candidates,
        hits: Sequence[Hit],
        products: frozenset[str],
        documents: Sequence[Document],
        language: str,
        balanced: frozenset[str],
    ) -> Answer:
        chosen = choose(found)
        if decision.verdict is Verdict.ACCESS_PRICE and (paid := [q for q in chosen if _is_payer_guide(q.document)]):
            return self._quote(paid, hits, products, documents, language, balanced)
        if decision.verdict is Verdict.ANSWER and chosen:
            return self._quote(chosen, hits, products, documents, language, balanced)
        return _refusal(decision, found_passages(hits), products, language)

    def _quote(
        self,
        chosen: Sequence[Quoted],
        hits: Sequence[Hit],
        products: frozenset[str],
        documents: Sequence[Document],
        language: str,
        balanced: frozenset[str],
    ) -> Answer:
        places = places_of([(hit.document, hit.passage) for hit in hits])
        notices: list[Notice] = []
        for product in sorted(products):
            kinds = [
                (quoted.document.approval.type, quoted.shelf.sections[int(quoted.shelf.section_of[quoted.index])].kind)
                for quoted in chosen
                if product in quoted.document.approval.products
            ]
            due = balance_for(kinds, already_in_full=product in balanced)
            notices.extend(balance_notices(product, documents, self._room, due, language))
        notices.extend(use_notices([quoted.document for quoted in chosen], language))
        return Answer(
            Outcome.ANSWERED,
            language,
            sentences=sentences_of(chosen, places),
            notices=tuple(notices),
            passages=found_passages(hits),
        )

    def _candidates(self, question: str, history: tuple[str, ...], hits: Sequence[Hit]) -> Candidates:
        vector = self._embedder.embed_query(question)
        context = "\n".join((*history[-2:], question))
        context_vector = self._embedder.embed_query(context) if history else vector
        return candidates(Question(question, context, vector, np.asarray(context_vector)), hits, self._room)

    def _documents(self, scope: Scope, products: frozenset[str]) -> list[Document]:
        valid = set(self._repository.keys_in_scope(scope))
        return [
            document
            for document in self._repository.documents(scope.tenant)
            if document.key in valid and document.approval.products & products
        ]

    def _all_names(self, tenant: str) -> ProductNames:
        """Names of every product of the tenant, whatever its status: what is denied must be recognised too."""
        mark = (tenant, self._repository.generation(tenant))
        if self._names is None or self._names[0] != mark:
            self._names = (mark, ProductNames.of(self._repository.documents(tenant)))
        return self._names[1]

    def _other_drugs(self, names: ProductNames) -> OtherDrugs:
        return lambda text: [mention.drug for mention in self._drugs.other_drugs(text, names)]


def found_passages(hits: Sequence[Hit]) -> tuple[FoundPassage, ...]:
    """What was found, one for each distinct section, best first."""
    return tuple(
        FoundPassage(
            document_id=hit.document.id,
            section_number=hit.passage.number,
            section_title=hit.passage.title,
            quote=_first_words(hit.excerpt or hit.passage.text, _PASSAGE_WORDS),
            score=round(hit.score, 4),
        )
        for hit in distinct_sections(hits, _SHOWN_PASSAGES)
    )


def _first_words(text: str, limit: int) -> str:
    """The beginning of a text, at most `limit` words, cut between words so that it stays exact."""
    last = next(islice(_WORD.finditer(text), limit - 1, None), None)
    return text if last is None else text[: last.end()]


def _check(question: str, language: str) -> None:
    if not any(char.isalnum() for char in question):
        raise BadRequest(say("empty", language), code="empty_question")
    if len(question) > LONGEST_QUESTION:
        raise BadRequest(
            f"The question has {len(question)} characters; ask in at most {LONGEST_QUESTION}.", code="question_too_long"
        )


def _language(question: str, history: Sequence[str], principal: Principal) -> str:
    """The language of the question; of the thread when the question is too short to tell; else the person's."""
    letters = sum(char.isalpha() for char in question)
    if letters >= 3:
        return guess_language(question)
    return guess_language(history[-1]) if history else principal.person.language


def _clarify(hits: Sequence[Hit], language: str) -> Clarification | None:
    """Ask back when several products are held and the evidence speaks clearly for none."""
    shares = score_by_product(hits)
    if len(shares) < 2 or next(iter(shares.values())) >= _CLEAR_SHARE:
        return None
    choices = tuple(Choice(product, product) for product in list(shares)[:_CHOICES])
    return Clarification(say("clarify_product", language), choices)


def _refusal(decision: Decision, passages: tuple[FoundPassage, ...], products: frozenset[str], language: str) -> Answer:
    about = ", ".join(sorted(products))
    if decision.verdict not in _REFERRED:
        help_text = say("not_found", language, product=about)
        return Answer(Outcome.NOT_FOUND, language, passages=passages, help=help_text)
    referral, key = _REFERRED[decision.verdict]
    help_text = say(key, language, product=about)
    suggestion = ReferralSuggestion(referral, decision.why)
    return Answer(Outcome.REFERRED, language, passages=passages, referrals=(suggestion,), help=help_text)


def _is_payer_guide(document: Document) -> bool:
    return document.approval.type is DocumentType.PAYER_GUIDE


def _likeliest(hits: Sequence[Hit]) -> frozenset[str]:
    return frozenset(list(score_by_product(hits))[:1])
