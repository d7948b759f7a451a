"""The first run of all: the sample comes with its vectors, so that nobody waits for a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from integrations.search.embedders.e5 import E5Embedder
from tests.scenarios.command import rep


def test_the_sample_is_loaded_without_embedding_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def embed(self: E5Embedder, texts: object) -> None:
        pytest.fail("the sample's vectors are out of date; see integrations/sample/seed_vectors.py")

    for name in ("embed_passages", "embed_parted"):
        monkeypatch.setattr(E5Embedder, name, embed)
    made = rep(tmp_path / "home", "init", "--sample")
    assert made.returncode == 0, made.stderr
    assert rep(tmp_path / "home", "content", "check").stdout == b"Nothing is wrong\n"
