"""Search end to end over fakes: ranking, scope, validity at read, excerpts, kept shelves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from knowledge.indexing import indexing_terms, indexing_text
from knowledge.models import ALL_PRODUCTS, Document, Scope, SectionKind
from knowledge.passages import passages as cut
from knowledge.ports import Scored, Vectors
from knowledge.retrieval import Query, RetrievalService, distinct_sections, score_by_product
from tests.fakes import (
    FakeDocumentRepository,
    FakeEmbedder,
    FakeLexicalIndex,
    FakePassageIndex,
    document,
    scope,
    section,
)

TEXTS = [
    ("2.1", "Recommended Dosage", SectionKind.DOSAGE, "Start with 5 mg once weekly. The maximum dosage is 20 mg."),
    ("2.2", "Missed Dose", SectionKind.DOSAGE, "If a dose is missed, take it within 3 days, else skip it."),
    ("4", "CONTRAINDICATIONS", SectionKind.CONTRAINDICATIONS, "Patients with severe allergy to the product."),
    ("8.2", "Lactation", SectionKind.SPECIFIC_POPULATIONS, "No data on presence in human milk."),
    ("16", "HOW SUPPLIED", SectionKind.HOW_SUPPLIED, "Store in a refrigerator. May be kept at room temperature."),
]


class Shelf:
    """A store of derived bytes in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def put(self, key: str, kept: bytes) -> None:
        self.kept[key] = kept


class House:
    """A register of labels with its indexes."""

    def __init__(self) -> None:
        self.repository = FakeDocumentRepository()
        self.dense, self.words = FakePassageIndex(), FakeLexicalIndex()
        self.embedder = FakeEmbedder()
        self.store = Shelf()

    def add(self, product: str, **facts: Any) -> Document:
        held = replace(document(product, id=product.lower(), products=frozenset({product}), **facts), names=())
        sections = [
            section(at, f"{product}: {text}", number=number, title=title, path=(f"{number} {title}",), kind=kind)
            for at, (number, title, kind, text) in enumerate(TEXTS)
        ]
        found = cut(held.key, sections)
        self.repository.save(held, sections, found)
        vectors = self.embedder.embed_passages([indexing_text(held, passage) for passage in found])
        self.dense.upsert([passage.id for passage in found], vectors)
        self.words.upsert({passage.id: indexing_terms(held, passage) for passage in found})
        return held

    def service(self, dense: FakePassageIndex | None = None) -> RetrievalService:
        return RetrievalService(self.repository, dense or self.dense, self.words, self.embedder, shelves=self.store)


@pytest.fixture
def house() -> House:
    made = House()
    made.add("Velmora")
    made.add("Cardinexa")
    return made


EVERYTHING = scope(products=frozenset({ALL_PRODUCTS}))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("velmora max dose", "2.1"),
        ("forgot her velmora shot yesterday", "2.2"),
        ("who must not get velmora", "4"),
        ("velmora while breastfeeding", "8.2"),
        ("velmora 要冷藏嗎", "16"),
        ("Darf man Velmora in der Stillzeit nehmen?", "8.2"),
    ],
)
def test_the_section_that_answers_comes_first(house: House, question: str, number: str) -> None:
    hits = house.service().search(Query(question), EVERYTHING)
    assert (hits[0].passage.number, hits[0].document.id) == (number, "velmora")
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_known_product_keeps_every_other_out(house: House) -> None:
    hits = house.service().search(Query("max dose?", products=frozenset({"Cardinexa"})), EVERYTHING)
    assert {hit.document.id for hit in hits} == {"cardinexa"}


def test_a_product_without_valid_text_is_not_replaced_by_another(house: House) -> None:
    narrow = scope(products=frozenset({"Velmora"}))
    assert house.service().search(Query("max dose?", products=frozenset({"Cardinexa"})), narrow) == []


def test_without_a_product_both_speak_up(house: House) -> None:
    shares = score_by_product(house.service().search(Query("max dose?"), EVERYTHING))
    assert set(shares) == {"Velmora", "Cardinexa"}
    assert sum(shares.values()) == pytest.approx(1.0)


def test_nothing_outside_the_scope_is_found(house: House) -> None:
    house.add("Secretol", expires_on=date(2026, 1, 2), effective_from=date(2026, 1, 1))
    narrow = scope(products=frozenset({"Velmora"}))
    assert {hit.document.id for hit in house.service().search(Query("max dose"), narrow)} == {"velmora"}
    assert "secretol" not in {hit.document.id for hit in house.service().search(Query("secretol max dose"), EVERYTHING)}


class Withdrawing(FakePassageIndex):
    """An index during whose search a document is withdrawn."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house

    def search(self, query: Vectors, *, among: Any, limit: int) -> list[Scored]:
        return self.house.dense.search(query, among=among, limit=limit)

    def similarities(self, query: Vectors, ids: Any) -> Vectors:
        self.house.repository.set_withdrawn("default", "velmora")
        return self.house.dense.similarities(query, ids)


def test_what_is_withdrawn_during_the_search_is_not_returned(house: House) -> None:
    service = house.service(Withdrawing(house))
    assert service.search(Query("velmora max dose"), replace(EVERYTHING, tenant="default")) == []


@pytest.mark.parametrize("text", ["", "  \n", "\u200b" * 3])
def test_an_empty_question_finds_nothing_or_at_least_does_not_fail(house: House, text: str) -> None:
    assert isinstance(house.service().search(Query(text), EVERYTHING), list)


def test_excerpts_are_exact_text_that_holds_the_passage(house: House) -> None:
    for hit in distinct_sections(house.service().search(Query("velmora dose"), EVERYTHING)):
        texts = [held.text for held in house.repository.sections(hit.document.key)]
        assert hit.passage.text in hit.excerpt
        assert any(hit.excerpt in text for text in texts)


def test_a_kept_shelf_ranks_like_a_new_one(house: House) -> None:
    asked = Query("velmora missed dose")
    first = house.service().search(asked, EVERYTHING)
    assert house.store.kept
    again = house.service().search(asked, EVERYTHING)
    assert [(hit.passage.id, hit.excerpt) for hit in again] == [(hit.passage.id, hit.excerpt) for hit in first]
    assert np.allclose([hit.score for hit in again], [hit.score for hit in first])


def test_approval_facts_are_those_of_now(house: House) -> None:
    service = house.service()
    before = service.search(Query("velmora max dose"), EVERYTHING)[0].document
    house.repository.update(replace(before, title="A new title"))
    assert service.search(Query("velmora max dose"), EVERYTHING)[0].document.title == "A new title"


def test_a_scope_cannot_be_left_out(house: House) -> None:
    with pytest.raises(TypeError):
        house.service().search(Query("max dose"))  # type: ignore[call-arg]


def test_scopes_differ_by_what_they_hold(house: House) -> None:
    service = house.service()
    mine: Scope = scope(products=frozenset({"Velmora"}))
    assert service.names(mine).products == {"Velmora"}
    assert service.names(EVERYTHING).products == {"Velmora", "Cardinexa"}
