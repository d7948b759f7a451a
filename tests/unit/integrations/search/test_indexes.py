"""What can be wrong with an index file, and what the indexes do beyond their contracts."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from integrations.search.chroma import CHROMA_FOLDER, ChromaPassageIndex
from integrations.search.derived_file import DerivedFile
from integrations.search.resident import ResidentVectors
from integrations.search.words import SqliteLexicalIndex
from integrations.settings import Settings
from knowledge.errors import IndexFault

ROWS = np.eye(3, dtype=np.float32)


def settings(home: Path, model: str = "m", **more: str) -> Settings:
    return Settings.model_validate({"home": home, "embedding": {"model": model}, **more})


def test_a_damaged_file_names_the_command(tmp_path: Path) -> None:
    path = tmp_path / "words.db"
    SqliteLexicalIndex(path).upsert({"a": ["dose"]})
    path.write_bytes(b"x" * 5_000)
    with pytest.raises(IndexFault, match=r"words\.db: damaged .* rep content reindex"):
        SqliteLexicalIndex(path).search(["dose"], among=["a"], limit=1)


def test_a_file_of_another_layout_names_the_command(tmp_path: Path) -> None:
    path = tmp_path / "words.db"
    with DerivedFile(path, "words-0", ()).writing():
        pass
    for use in (SqliteLexicalIndex(path).ids, lambda: SqliteLexicalIndex(path).upsert({"a": ["dose"]})):
        with pytest.raises(IndexFault, match=r"another version .* rep content reindex"):
            use()


def test_a_truncated_vector_is_a_fault(tmp_path: Path) -> None:
    vectors = ResidentVectors(tmp_path / "v.db", "m")
    vectors.upsert({"a": ROWS[0], "b": ROWS[1]})
    with sqlite3.connect(tmp_path / "v.db") as connection:
        connection.execute("UPDATE vectors SET vector = x'0000' WHERE id = 'a'")
    with pytest.raises(IndexFault, match="rep content reindex"):
        ResidentVectors(tmp_path / "v.db", "m").search(ROWS[0], ["a"], 1)


def test_a_failed_write_keeps_nothing(tmp_path: Path) -> None:
    words = SqliteLexicalIndex(tmp_path / "words.db")
    words.upsert({"a": ["dose"]})
    with pytest.raises(UnicodeEncodeError):
        words.upsert({"b": ["fine"], "c": ["\ud800"]})
    assert words.ids() == {"a"}


def test_a_question_of_another_length_says_what_changed(tmp_path: Path) -> None:
    vectors = ResidentVectors(tmp_path / "v.db", "m")
    vectors.upsert({"a": ROWS[0]})
    with pytest.raises(IndexFault, match="length 3, the question has 5"):
        vectors.search(np.ones(5, dtype=np.float32), ["a"], 1)


def test_models_do_not_mix(tmp_path: Path) -> None:
    ChromaPassageIndex(settings(tmp_path, "one")).upsert(["a"], ROWS[:1])
    with pytest.raises(IndexFault, match="rep content reindex"):
        ChromaPassageIndex(settings(tmp_path, "two")).ids()


def test_a_lost_copy_is_made_from_chroma(tmp_path: Path) -> None:
    ChromaPassageIndex(settings(tmp_path)).upsert(["a", "b", "c"], ROWS)
    for path in (tmp_path / CHROMA_FOLDER).glob("resident*"):
        path.unlink()
    found = ChromaPassageIndex(settings(tmp_path)).search(ROWS[1], among=["a", "b"], limit=1)
    assert found[0].passage_id == "b"


def test_searching_imports_no_chromadb(tmp_path: Path) -> None:
    ChromaPassageIndex(settings(tmp_path)).upsert(["a"], ROWS[:1])
    script = (
        "import sys, numpy; from pathlib import Path\n"
        "from integrations.search.chroma import ChromaPassageIndex; from integrations.settings import Settings\n"
        f"settings = Settings.model_validate({{'home': Path({str(tmp_path)!r}), 'embedding': {{'model': 'm'}}}})\n"
        "index = ChromaPassageIndex(settings)\n"
        "assert index.search(numpy.eye(3, dtype='f4')[0], among=['a'], limit=1)[0].passage_id == 'a'\n"
        "assert not {'chromadb', 'onnxruntime', 'onnx', 'openai'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_damaged_chroma_folder_names_the_command(tmp_path: Path) -> None:
    folder = tmp_path / CHROMA_FOLDER
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"x" * 5_000)
    with pytest.raises(IndexFault, match="rep content reindex"):
        ChromaPassageIndex(settings(tmp_path)).upsert(["a"], ROWS[:1])
    shutil.rmtree(folder)


def test_a_server_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    index = ChromaPassageIndex(settings(tmp_path, chroma_url="http://127.0.0.1:9"))
    with pytest.raises(IndexFault, match="check chroma_url"):
        index.search(ROWS[0], among=["a"], limit=1)


def test_bm25_is_the_textbook_formula(tmp_path: Path) -> None:
    words = SqliteLexicalIndex(tmp_path / "words.db")
    words.upsert({"a": ["x", "x", "y"], "b": ["y"], "c": ["z", "z"]})
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))
    (found,) = words.search(["x"], among=["a", "b"], limit=5)
    assert found.score == pytest.approx(expected, rel=1e-5)


def test_the_ceiling_counts_unseen_terms_as_the_rarest(tmp_path: Path) -> None:
    words = SqliteLexicalIndex(tmp_path / "words.db")
    words.upsert({name: ["y"] for name in "abcd"})
    assert words.ceiling(["y"]) == pytest.approx(1.6 * np.log(1 + 0.5 / 4.5), rel=1e-5)
    assert words.ceiling(["unseen", "unseen"]) == pytest.approx(1.6 * np.log(1 + 4.5 / 0.5), rel=1e-5)
