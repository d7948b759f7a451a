"""One suite over every DocumentRepository: the fake, SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from integrations.storage.content import SqlDocumentRepository
from integrations.storage.database import Database
from knowledge.models import Block, BlockKind, Box, ContentStatus, Document, Passage
from knowledge.passages import passages as cut
from knowledge.ports import DocumentRepository
from tests.fakes import FakeClock, FakeDocumentRepository, approval, document, scope, section


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def repository(request: pytest.FixtureRequest) -> DocumentRepository:
    if request.param == "fake":
        return FakeDocumentRepository()
    database: Database = request.getfixturevalue(f"{request.param}_database")
    return SqlDocumentRepository(database, FakeClock())


def save(repository: DocumentRepository, saved: Document, *texts: str) -> list[Passage]:
    sections = [section(position, text) for position, text in enumerate(texts or ("Take one tablet daily.",))]
    passages = cut(saved.key, sections)
    repository.save(saved, sections, passages)
    return passages


def test_what_is_saved_comes_back_exactly(repository: DocumentRepository) -> None:
    saved = document()
    row = section(
        0,
        "Dose | 5 mg\nLow | 2 mg 服用一次 🙂",
        number=None,
        path=("Dosage", "Tables"),
        blocks=(Block(BlockKind.TABLE_HEADER, 0, 11), Block(BlockKind.TABLE_ROW, 12, 29, 0, Box(3, 1.5, 2, 3, 4.25))),
        code="34068-7",
        page=3,
    )
    passages = [replace(passage, box=Box(3, 1.5, 2, 3, 4.25), context="Dose") for passage in cut(saved.key, [row])]
    repository.save(saved, [row], passages)
    assert repository.documents("default") == [saved]
    assert repository.sections(saved.key) == [row]
    assert repository.passages([saved.key]) == passages
    assert repository.passage_ids([saved.key]) == {passage.id for passage in passages}


def test_saving_again_replaces(repository: DocumentRepository) -> None:
    save(repository, document(), "One.", "Two.", "Three.")
    passages = save(repository, document(), "Four.")
    assert [found.text for found in repository.sections("k1")] == ["Four."]
    assert repository.passages(["k1"]) == passages


def test_passages_come_in_order_of_keys_and_reading(repository: DocumentRepository) -> None:
    first = save(repository, document("a", id="a"), *(f"Sentence {number}." for number in range(12)))
    second = save(repository, document("b", id="b"), "Other.")
    assert repository.passages(["b", "a", "missing", "b"]) == second + first


def test_nothing_half_written(repository: DocumentRepository) -> None:
    passages = save(repository, document("a", id="a"), "Kept.")
    if isinstance(repository, FakeDocumentRepository):
        pytest.skip("a dictionary has no constraints")
    with pytest.raises(Exception):  # noqa: B017  the driver's own
        repository.save(document("b", id="b"), [section()], passages)
    assert [found.id for found in repository.documents("default")] == ["a"]
    assert repository.sections("b") == []


def test_tenants_do_not_meet(repository: DocumentRepository) -> None:
    save(repository, document("a"), "Ours.")
    save(repository, document("b", tenant="other"), "Theirs.")
    assert [found.key for found in repository.documents("other")] == ["b"]
    assert repository.versions("default", "doc")[0].key == "a"
    assert repository.tenants() == ["default", "other"]
    assert repository.set_withdrawn("other", "doc") == 1
    assert repository.keys_in_scope(scope()) == ["a"]


def test_generation_grows_with_every_change(repository: DocumentRepository) -> None:
    seen = [repository.generation("default")]
    save(repository, document())
    seen.append(repository.generation("default"))
    repository.update(document(products=frozenset({"Other"})))
    seen.append(repository.generation("default"))
    repository.set_withdrawn("default", "doc")
    seen.append(repository.generation("default"))
    repository.set_withdrawn("default", "doc")
    assert seen == sorted(set(seen))
    assert repository.generation("default") == seen[-1]
    assert repository.generation("other") == 0


def test_update_changes_facts_and_keeps_text(repository: DocumentRepository) -> None:
    passages = save(repository, document())
    changed = replace(document(), title="New", approval=approval(expires_on=date(2027, 1, 1), supersedes="old"))
    repository.update(changed)
    assert repository.versions("default", "doc") == [changed]
    assert repository.passages(["k1"]) == passages


def test_withdrawing_takes_back_every_version_at_once(repository: DocumentRepository) -> None:
    save(repository, document("a", version="1"), "One.")
    save(repository, document("b", version="2"), "Two.")
    assert repository.set_withdrawn("default", "doc") == 2
    assert repository.set_withdrawn("default", "doc") == 0
    assert {found.approval.status for found in repository.versions("default", "doc")} == {ContentStatus.WITHDRAWN}
    assert repository.keys_in_scope(scope()) == []


def test_keys_in_scope_follow_the_rule(repository: DocumentRepository) -> None:
    save(repository, document("old", version="1"), "Old.")
    save(repository, document("new", version="2"), "New.")
    save(repository, document("far", id="far", markets=frozenset({"JP"})), "Far.")
    assert repository.keys_in_scope(scope()) == ["new"]
    assert repository.keys_in_scope(scope(market="JP")) == ["far"]


def test_many_keys_at_once(repository: DocumentRepository) -> None:
    passages = save(repository, document())
    keys = [f"missing-{number}" for number in range(5_000)]
    assert repository.passages([*keys, "k1"]) == passages
    assert repository.passage_ids(keys) == set()
