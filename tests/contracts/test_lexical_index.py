"""What every word index promises, over every one there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from integrations.search.words import SqliteLexicalIndex
from knowledge.ports import LexicalIndex
from tests.fakes import FakeLexicalIndex

PASSAGES = {
    "dose": ["start", "dose", "2.5", "mg", "week"],
    "renal": ["renal", "impair", "dose", "adjust", "dose"],
    "zh": ["起始", "始劑", "劑量"],
    "store": ["store", "refriger", "pen"],
}
ALL = tuple(PASSAGES)


@pytest.fixture(params=["fake", "sqlite"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], LexicalIndex]:
    if request.param == "fake":
        fake = FakeLexicalIndex()
        return lambda: fake
    return lambda: SqliteLexicalIndex(tmp_path / "words.db")


def found(index: LexicalIndex, *terms: str, among: tuple[str, ...] = ALL, limit: int = 10) -> list[str]:
    return [entry.passage_id for entry in index.search(terms, among=among, limit=limit)]


def test_an_empty_index_finds_nothing(make: Callable[[], LexicalIndex]) -> None:
    index = make()
    assert index.ids() == set()
    assert found(index, "dose") == []
    index.delete(["dose"])


def test_finds_the_best_first(make: Callable[[], LexicalIndex]) -> None:
    index = make()
    index.upsert(PASSAGES)
    assert found(index, "renal", "dose") == ["renal", "dose"]
    assert found(index, "renal", "dose", limit=1) == ["renal"]
    assert found(index, "起始", "始劑") == ["zh"]
    assert found(index, "nothing") == []
    assert found(index) == []


def test_searches_among_the_ids_only(make: Callable[[], LexicalIndex]) -> None:
    index = make()
    index.upsert(PASSAGES)
    assert found(index, "dose", among=("dose", "store", "unknown")) == ["dose"]
    assert found(index, "dose", among=()) == []
    assert found(index, "dose", among=("dose", "dose")) == ["dose"]


def test_upsert_replaces_and_delete_forgets(make: Callable[[], LexicalIndex]) -> None:
    index = make()
    index.upsert(PASSAGES)
    index.upsert({"dose": ["other"]})
    assert found(index, "other") == ["dose"]
    assert found(index, "week") == []
    index.delete(["renal", "unknown"])
    assert index.ids() == {"dose", "zh", "store"}
    assert found(index, "renal") == []


def test_what_one_wrote_another_finds(make: Callable[[], LexicalIndex]) -> None:
    writer, reader = make(), make()
    assert found(reader, "pen") == []
    writer.upsert(PASSAGES)
    assert found(reader, "pen") == ["store"]
    writer.upsert({"pen": ["pen"]})
    assert set(found(reader, "pen", among=(*ALL, "pen"))) == {"pen", "store"}


def test_a_passage_without_terms_is_held(make: Callable[[], LexicalIndex]) -> None:
    index = make()
    index.upsert({"empty": []})
    assert index.ids() == {"empty"}
    assert found(index, "dose", among=("empty",)) == []
