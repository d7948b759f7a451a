"""The endpoint adapter against a real server on loopback, and what a home's settings choose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.errors import BadRequest, PermanentFault, TransientFault
from integrations.search.embedders import E5_NAME, build_embedder, embedder_name
from integrations.search.embedders.endpoint import EndpointEmbedder
from integrations.settings import EmbeddingSettings, Settings
from tests.servers import EmbeddingsServer, embeddings_server, free_port


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with embeddings_server() as running:
        yield running


def endpoint(url: str, key: str | None = None) -> EndpointEmbedder:
    secret = SecretStr(key) if key else None
    return EndpointEmbedder(EmbeddingSettings(base_url=url, model="small", api_key=secret), "small@host")


def test_text_goes_out_as_text_with_model_and_key(server: EmbeddingsServer) -> None:
    endpoint(server.url, "k-1").embed_passages(["a dose", ""])
    (request,) = server.requests
    assert request["input"] == ["a dose", "-"]
    assert request["model"] == "small"
    assert request["key"] == "Bearer k-1"
    assert request["path"] == "/v1/embeddings"


def test_many_texts_go_out_in_batches(server: EmbeddingsServer) -> None:
    assert endpoint(server.url).embed_passages([f"text {number}" for number in range(150)]).shape == (150, 64)
    assert [len(request["input"]) for request in server.requests] == [64, 64, 22]


def test_a_refusal_is_permanent_and_names_the_settings(server: EmbeddingsServer) -> None:
    server.refuse_with = 401
    with pytest.raises(PermanentFault, match=r"check embedding\.base_url, embedding\.model and embedding\.api_key"):
        endpoint(server.url, "secret-key").embed_query("dose")


def test_a_failing_or_absent_server_is_transient(server: EmbeddingsServer) -> None:
    server.refuse_with = 503
    with pytest.raises(TransientFault, match="did not answer"):
        endpoint(server.url).embed_query("dose")
    assert len(server.requests) == 3
    with pytest.raises(TransientFault):
        endpoint(f"http://127.0.0.1:{free_port()}/v1").embed_query("dose")


def test_settings_choose_the_embedder(tmp_path: Path, server: EmbeddingsServer) -> None:
    assert embedder_name(Settings(home=tmp_path)) == E5_NAME
    assert build_embedder(Settings(home=tmp_path)).name == E5_NAME
    chosen = Settings(home=tmp_path, embedding=EmbeddingSettings(base_url=server.url, model="small"))
    assert build_embedder(chosen).name == "small@127.0.0.1"
    assert build_embedder(chosen).embed_passages(["a"]).shape == (1, 64)
    with pytest.raises(BadRequest, match=r"embedding\.model"):
        embedder_name(Settings(home=tmp_path, embedding=EmbeddingSettings(base_url=server.url)))
