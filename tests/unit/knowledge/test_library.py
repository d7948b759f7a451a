"""The register: idempotent, versioned, withdrawn at once, and made whole after a crash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import ContentFault
from knowledge.indexing import BATCH, IndexService
from knowledge.library import Added, AddReport, LibraryService
from knowledge.manifest import Entry
from knowledge.models import ContentStatus, ReadFile
from knowledge.ports import PartedText, Vectors
from tests.fakes import (
    FakeDocumentRepository,
    FakeEmbedder,
    FakeLexicalIndex,
    FakePassageIndex,
    FakeQuoteIndex,
    approval,
    scope,
    section,
)


class Crash(Exception):
    """The process dies here."""


class CrashingEmbedder(FakeEmbedder):
    """Dies after so many passages."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def embed_parted(self, texts: Sequence[PartedText]) -> list[Vectors]:
        if self.embedded + len(texts) > self._after:
            raise Crash
        return super().embed_parted(texts)


@dataclass
class Shelf:
    """A library over fakes, and the files it is given."""

    folder: Path
    documents: FakeDocumentRepository
    dense: FakePassageIndex
    quotes: FakeQuoteIndex
    words: FakeLexicalIndex
    embedder: FakeEmbedder
    reads: list[str]
    says: dict[str, Any]

    def library(self) -> LibraryService:
        index = IndexService(self.documents, lambda: self.embedder, self.dense, self.words, self.quotes)
        return LibraryService(self.documents, index, read_file=self.read)

    def read(self, path: Path) -> ReadFile:
        self.reads.append(path.name)
        text = path.read_text()
        if text == "broken":
            raise ContentFault(path.name, "is truncated; replace it")
        sections = tuple(section(number, line) for number, line in enumerate(text.split("\n")))
        return ReadFile(sections, **self.says)

    def entry(self, name: str = "a.md", text: str = "One.\nTwo.", **changes: Any) -> Entry:
        (self.folder / name).write_text(text)
        own = {field: changes.pop(field, None) for field in ("id", "version", "title")}
        return Entry(f"content.yaml:{name}", self.folder / name, **own, approval=approval(**changes))

    def add(self, *entries: Entry, **options: Any) -> AddReport:
        return self.library().add("default", entries, **options)

    def whole(self) -> bool:
        approved = [
            found.key
            for found in self.documents.documents("default")
            if found.approval.status is ContentStatus.APPROVED
        ]
        wanted = self.documents.passage_ids(approved)
        return bool(wanted) and self.dense.ids() == wanted == self.words.ids()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    indexes = FakePassageIndex(), FakeQuoteIndex(), FakeLexicalIndex()
    return Shelf(tmp_path, FakeDocumentRepository(), *indexes, FakeEmbedder(), [], {})


def outcomes(report: AddReport) -> list[Added]:
    assert report.faults == []
    return [outcome for outcome, _ in report.done]


def test_a_new_file_is_registered_and_indexed(shelf: Shelf) -> None:
    assert outcomes(shelf.add(shelf.entry())) == [Added.NEW]
    [held] = shelf.documents.documents("default")
    assert (held.id, held.version, held.title) == ("a.md", "1", "a.md")
    assert [found.text for found in shelf.documents.sections(held.key)] == ["One.", "Two."]
    assert shelf.whole()


def test_adding_the_same_folder_again_changes_nothing(shelf: Shelf) -> None:
    shelf.add(shelf.entry())
    generation, embedded = shelf.documents.generation("default"), shelf.embedder.embedded
    assert outcomes(shelf.add(shelf.entry())) == [Added.UNCHANGED]
    assert shelf.documents.generation("default") == generation
    assert shelf.embedder.embedded == embedded
    assert shelf.reads == ["a.md"]


def test_what_the_file_says_of_itself_counts_unless_the_record_says_otherwise(shelf: Shelf) -> None:
    shelf.says = {"document_id": "ABC-DEF", "version": "12", "title": "A  long\ntitle " * 60, "names": ("velmorab",)}
    shelf.add(shelf.entry())
    [held] = shelf.documents.documents("default")
    assert (held.id, held.version, held.names) == ("abc-def", "12", ("velmorab",))
    assert len(held.title) == 300
    assert "\n" not in held.title
    shelf.add(shelf.entry("b.md", "Other.", id="own", version="3", title="Own"))
    [own] = shelf.documents.versions("default", "own")
    assert (own.version, own.title) == ("3", "Own")


def test_changed_facts_of_the_same_bytes_are_an_update(shelf: Shelf) -> None:
    shelf.add(shelf.entry())
    assert outcomes(shelf.add(shelf.entry(expires_on=date(2027, 6, 1)))) == [Added.UPDATED]
    [held] = shelf.documents.documents("default")
    assert held.approval.expires_on == date(2027, 6, 1)
    assert shelf.embedder.embedded == 2


def test_other_products_are_indexed_anew(shelf: Shelf) -> None:
    shelf.add(shelf.entry())
    shelf.add(shelf.entry(products=frozenset({"Other"})))
    assert shelf.embedder.embedded == 4
    assert shelf.whole()


def test_same_id_and_version_with_other_bytes_is_a_fault(shelf: Shelf) -> None:
    shelf.add(shelf.entry())
    report = shelf.add(shelf.entry(text="Changed."))
    assert "content.yaml:a.md: a.md version 1 is in the register with other bytes" in str(report.faults[0])
    [held] = shelf.documents.documents("default")
    assert [found.text for found in shelf.documents.sections(held.key)] == ["One.", "Two."]
    assert outcomes(shelf.add(shelf.entry(text="Changed.", version="2"))) == [Added.NEW]
    assert shelf.documents.keys_in_scope(scope()) == [
        found.key for found in shelf.documents.documents("default") if found.version == "2"
    ]


def test_two_records_about_one_version_are_a_fault(shelf: Shelf) -> None:
    first, second = shelf.entry("a.md", id="x"), shelf.entry("b.md", "Other.", id="x")
    report = shelf.add(first, second)
    assert len(report.done) == 1
    assert "stands already at content.yaml:a.md" in str(report.faults[0])


@pytest.mark.parametrize(
    ("text", "said"), [("broken", "is truncated"), ("   ", "holds no text"), ("a\x00b", "holds NULs")]
)
def test_a_bad_file_is_named_and_the_rest_goes_on(shelf: Shelf, text: str, said: str) -> None:
    report = shelf.add(shelf.entry("bad.md", text), shelf.entry())
    assert [outcome for outcome, _ in report.done] == [Added.NEW]
    assert str(report.faults[0]).startswith("content.yaml:bad.md: bad.md: ")
    assert said in str(report.faults[0])
    assert shelf.whole()


def test_a_file_that_vanishes_is_named(shelf: Shelf) -> None:
    entry = shelf.entry()
    entry.file.unlink()
    assert "cannot be read" in str(shelf.add(entry).faults[0])


def test_drafts_are_registered_but_not_indexed(shelf: Shelf) -> None:
    shelf.add(shelf.entry(status=ContentStatus.DRAFT))
    assert len(shelf.documents.documents("default")) == 1
    assert shelf.dense.ids() == shelf.words.ids() == set()
    shelf.add(shelf.entry())
    assert shelf.whole()


def test_withdrawal_is_at_once_and_adding_again_does_not_undo_it(shelf: Shelf) -> None:
    shelf.add(shelf.entry(id="X"))
    assert shelf.library().withdraw("default", "X") == 1
    assert shelf.documents.keys_in_scope(scope()) == []
    assert shelf.dense.ids() == shelf.words.ids() == set()
    assert outcomes(shelf.add(shelf.entry(id="x"))) == [Added.STAYS_WITHDRAWN]
    assert shelf.documents.keys_in_scope(scope()) == []
    assert outcomes(shelf.add(shelf.entry(id="x", approval_id="MLR-2"))) == [Added.UPDATED]
    assert shelf.whole()


def test_reading_again_replaces_the_text(shelf: Shelf) -> None:
    entry = shelf.entry()
    shelf.add(entry)
    shelf.says = {"names": ("new",)}
    assert outcomes(shelf.add(entry, reread=True)) == [Added.UPDATED]
    assert shelf.documents.documents("default")[0].names == ("new",)
    assert shelf.whole()


@pytest.mark.parametrize("after", [0, BATCH, 2 * BATCH])
def test_a_crash_while_indexing_is_finished_by_the_next_run(shelf: Shelf, after: int) -> None:
    entry = shelf.entry(text="\n".join(f"Sentence {number}." for number in range(3 * BATCH)))
    shelf.embedder = CrashingEmbedder(after)
    with pytest.raises(Crash):
        shelf.add(entry)
    assert not shelf.whole()
    shelf.embedder = FakeEmbedder()
    assert outcomes(shelf.add(entry)) == [Added.UNCHANGED]
    assert shelf.whole()
    assert shelf.embedder.embedded == 3 * BATCH - after


def test_indexes_lose_what_the_register_does_not_hold(shelf: Shelf) -> None:
    shelf.add(shelf.entry())
    shelf.dense.upsert(["stray"], shelf.embedder.embed_passages(["stray"]))
    shelf.words.upsert({"stray": ["word"]})
    shelf.add(shelf.entry())
    assert shelf.whole()


def test_other_companies_keep_their_index(shelf: Shelf) -> None:
    theirs = replace(shelf.entry("b.md", "Theirs."), id="theirs")
    shelf.library().add("other", [theirs])
    shelf.add(shelf.entry())
    keys = [found.key for tenant in ("default", "other") for found in shelf.documents.documents(tenant)]
    assert shelf.dense.ids() == shelf.documents.passage_ids(keys)


def test_progress_counts_to_the_end(shelf: Shelf) -> None:
    seen: list[tuple[str, int, int]] = []
    shelf.add(shelf.entry(), progress=lambda *step: seen.append(step))
    assert seen == [("Reading", 1, 1), ("Words", 2, 2), ("Vectors", 2, 2)]
