"""What every dense index promises, over every one there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from integrations.search.chroma import ChromaPassageIndex
from integrations.settings import Settings
from knowledge.ports import PassageIndex, Vectors
from tests.fakes import FakePassageIndex
from tests.servers import chroma_server

IDS = tuple(f"p{number}" for number in range(700))


def unit(seed: int, count: int, dimension: int = 16) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    scaled: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


@pytest.fixture(scope="session")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


@pytest.fixture(params=["fake", "embedded", "server"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], PassageIndex]:
    if request.param == "fake":
        fake = FakePassageIndex()
        return lambda: fake
    url = request.getfixturevalue("chroma_url") if request.param == "server" else None
    # A model of its own for each test: one server keeps all of them apart by it.
    embedding = {"model": f"m-{abs(hash(request.node.name))}", "base_url": "http://localhost/v1"}
    settings = Settings.model_validate({"home": tmp_path, "chroma_url": url, "embedding": embedding})
    return lambda: ChromaPassageIndex(settings)


def test_an_empty_index_finds_nothing(make: Callable[[], PassageIndex]) -> None:
    index = make()
    assert index.ids() == set()
    assert index.search(unit(1, 1)[0], among=["a"], limit=3) == []
    assert index.similarities(unit(1, 1)[0], ["a"]).tolist() == [0.0]
    index.delete(["a"])
    index.upsert([], unit(1, 0))


@pytest.mark.parametrize("count", [30, 700])
def test_search_is_exact_among_the_ids(make: Callable[[], PassageIndex], count: int) -> None:
    index, vectors, query = make(), unit(2, count), unit(3, 1)[0]
    index.upsert(IDS[:count], vectors)
    among = (*IDS[: count - 5], "unknown")
    expected = np.argsort(-(vectors[: count - 5] @ query))[:5]
    found = index.search(query, among=among, limit=5)
    assert [entry.passage_id for entry in found] == [IDS[row] for row in expected]
    np.testing.assert_allclose([entry.score for entry in found], (vectors @ query)[expected], atol=1e-4)
    assert index.search(query, among=among, limit=5) == found
    assert index.search(query, among=["unknown"], limit=5) == []
    assert index.search(query, among=[], limit=5) == []


def test_a_repeated_id_is_found_once(make: Callable[[], PassageIndex]) -> None:
    index = make()
    index.upsert(["a"], unit(1, 1))
    assert len(index.search(unit(1, 1)[0], among=["a", "a"], limit=5)) == 1


def test_similarities_keep_the_order_asked(make: Callable[[], PassageIndex]) -> None:
    index, vectors, query = make(), unit(4, 3), unit(5, 1)[0]
    index.upsert(["a", "b", "c"], vectors)
    expected = [vectors[2] @ query, 0.0, vectors[0] @ query, vectors[0] @ query]
    np.testing.assert_allclose(index.similarities(query, ["c", "x", "a", "a"]), expected, atol=1e-5)
    assert index.similarities(query, []).shape == (0,)


def test_upsert_replaces_and_delete_forgets(make: Callable[[], PassageIndex]) -> None:
    index, vectors = make(), unit(6, 3)
    index.upsert(["a", "b"], vectors[:2])
    index.upsert(["a"], vectors[2:])
    assert index.similarities(vectors[2], ["a"])[0] == pytest.approx(1.0, abs=1e-5)
    index.delete(["a", "unknown"])
    assert index.ids() == {"b"}
    assert [entry.passage_id for entry in index.search(vectors[2], among=["a", "b"], limit=5)] == ["b"]


def test_what_one_wrote_another_finds(make: Callable[[], PassageIndex]) -> None:
    writer, reader, vectors = make(), make(), unit(7, 2)
    assert reader.ids() == set()
    writer.upsert(["a", "b"], vectors)
    assert reader.search(vectors[1], among=["a", "b"], limit=1)[0].passage_id == "b"
    assert make().ids() == {"a", "b"}
