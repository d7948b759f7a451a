"""Tokens are counted without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.llm.tokens import place_encodings


def test_tiktoken_finds_the_tables(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from integrations.llm.tokens import place_encodings\n"
        f"place_encodings(Path({str(tmp_path)!r}))\n"
        "import socket; socket.socket.connect = None\n"
        "import tiktoken\n"
        "assert tiktoken.get_encoding('cl100k_base').encode('hello world') == [15339, 1917]\n"
        "assert tiktoken.get_encoding('o200k_base').decode([24912, 2375]) == 'hello world'\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != "TIKTOKEN_CACHE_DIR"}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)


def test_a_folder_that_is_set_already_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "/elsewhere")
    place_encodings(tmp_path)
    assert list(tmp_path.iterdir()) == []
