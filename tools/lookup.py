"""Looking training questions up over a home exactly as `rep ask` does, for the tools that train its small models."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.ask.decide import OutcomeJudge
from assistant.ask.evidence import EvidenceRoom
from assistant.ask.outcome import Signals
from assistant.ask.quote_features import Candidates, Question, candidates
from assistant.domain.person import Principal
from assistant.policies.access import content_scope
from integrations.bootstrap import Assistant
from knowledge.models import Document
from knowledge.names import ProductNames
from knowledge.retrieval import Hit, Query

_SEARCHED = 60


class Lookup:
    """One person's view of a home's approved content."""

    def __init__(self, assistant: Assistant, principal: Principal) -> None:
        self._assistant = assistant
        self._scope = content_scope(principal, assistant.clock.now())
        self._room = EvidenceRoom(assistant.documents, assistant.quote_index)
        self._judge = OutcomeJudge(self._room, assistant.drug_names)
        self._names = ProductNames.of(assistant.documents.documents(principal.tenant))

    def find(self, question: str, history: Sequence[str], products: frozenset[str]) -> tuple[list[Hit], Candidates]:
        """What is found for a question known to be about `products`, and its quotable units with their figures."""
        hits = self._assistant.retrieval.search(Query(question, tuple(history), products), self._scope, _SEARCHED)
        embedder = self._assistant.embedder
        vector = embedder.embed_query(question)
        context = "\n".join((*history[-2:], question))
        before = embedder.embed_query(context) if history else vector
        return hits, candidates(Question(question, context, vector, before), hits, self._room)

    def signals(self, question: str, history: Sequence[str], product: str) -> Signals:
        """What the outcome model sees of a question."""
        products = frozenset({product})
        hits, found = self.find(question, history, products)
        return self._judge.signals(question, history, self._names, products, self.documents(products), hits, found)

    def documents(self, products: frozenset[str]) -> list[Document]:
        """The valid documents on these products."""
        valid = set(self._assistant.documents.keys_in_scope(self._scope))
        everything = self._assistant.documents.documents(self._scope.tenant)
        return [one for one in everything if one.key in valid and one.approval.products & products]
