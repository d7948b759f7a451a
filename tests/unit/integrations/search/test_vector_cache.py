"""Vectors remembered by content: each text embedded once, seeds first, faults survived."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from integrations.search.vector_cache import CachedEmbedder, SeedVectors, VectorCache, content_key, write_seeds
from tests.fakes import FakeEmbedder


def seeds(path: Path, embedder: FakeEmbedder, *texts: str) -> SeedVectors:
    cache = VectorCache(path.with_suffix(".db"))
    CachedEmbedder(embedder, cache).embed_passages(texts)
    write_seeds(path, cache.everything())
    return SeedVectors(path)


def test_each_text_is_embedded_once(tmp_path: Path) -> None:
    behind = FakeEmbedder()
    first = CachedEmbedder(behind, VectorCache(tmp_path / "c.db")).embed_passages(["a b", "c", "a b"])
    assert behind.embedded == 2
    again = CachedEmbedder(behind, VectorCache(tmp_path / "c.db")).embed_passages(["c", "a b", "\ud800"])
    assert behind.embedded == 3
    assert np.array_equal(again[:2], first[[1, 0]])


def test_more_texts_than_one_question_to_the_file_may_hold(tmp_path: Path) -> None:
    behind, texts = FakeEmbedder(), [f"text {number}" for number in range(1_200)]
    cached = CachedEmbedder(behind, VectorCache(tmp_path / "c.db"))
    assert np.array_equal(cached.embed_passages(texts), cached.embed_passages(texts))
    assert behind.embedded == 1_200


def test_models_do_not_mix(tmp_path: Path) -> None:
    other = FakeEmbedder()
    other.name = "fake-2"
    cache = VectorCache(tmp_path / "c.db")
    CachedEmbedder(FakeEmbedder(), cache).embed_passages(["a"])
    CachedEmbedder(other, cache).embed_passages(["a"])
    assert other.embedded == 1
    assert content_key("m", "a") != content_key("ma", "")


def test_half_precision_keeps_the_cosine(tmp_path: Path) -> None:
    texts = [f"dose {number} of week {number % 7} in renal impairment" for number in range(40)]
    exact = FakeEmbedder().embed_passages(texts)
    cached = CachedEmbedder(FakeEmbedder(), VectorCache(tmp_path / "c.db")).embed_passages(texts)
    np.testing.assert_allclose(cached @ cached.T, exact @ exact.T, atol=5e-4)


def test_seeds_come_first(tmp_path: Path) -> None:
    shipped = seeds(tmp_path / "vectors.npz", FakeEmbedder(), "b", "a", "a")
    behind = FakeEmbedder()
    cached = CachedEmbedder(behind, VectorCache(tmp_path / "c.db"), [shipped])
    found = cached.embed_passages(["a", "b"])
    assert behind.embedded == 0
    np.testing.assert_allclose(found, FakeEmbedder().embed_passages(["a", "b"]), atol=1e-3)
    assert not (tmp_path / "c.db").exists()


def test_a_seed_of_another_dimension_is_passed_over(tmp_path: Path) -> None:
    small = FakeEmbedder()
    small.dimension = 8
    shipped = seeds(tmp_path / "vectors.npz", small, "a")
    cached = CachedEmbedder(FakeEmbedder(), VectorCache(tmp_path / "c.db"), [shipped])
    assert cached.embed_passages(["a"]).shape == (1, 64)


def test_a_damaged_cache_costs_time_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "c.db").write_bytes(b"not a database, for sure" * 100)
    cached = CachedEmbedder(FakeEmbedder(), VectorCache(tmp_path / "c.db"))
    assert cached.embed_passages(["a"]).shape == (1, 64)
    assert "vectors are not remembered" in caplog.text
