"""Names as people type them, against a record of several people and scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.record.mentions import mentioned
from assistant.record.names import tokens
from assistant.record.resolve import resolve
from integrations.storage.customers import SqlCustomerRepository
from integrations.storage.database import Database
from integrations.storage.migrate import migrate
from tests.record_data import fill, scope


@pytest.fixture
def record(tmp_path: Path) -> SqlCustomerRepository:
    database = Database(f"sqlite:///{tmp_path / 'r.db'}")
    migrate(database)
    repository = SqlCustomerRepository(database)
    fill(repository)
    return repository


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Prof. Dr. Ngozi A. Okafor, MD", ("ngozi", "okafor")),
        ("dr okafor", ("okafor",)),
        ("陳醫師", ("陳",)),
        ("Jordan Feld, PA-C", ("jordan", "feld")),
        ("Anne-Marie O'Neil", ("anne", "marie", "oneil")),
    ],
)
def test_titles_accents_and_initials_are_no_part_of_a_name(name: str, expected: tuple[str, ...]) -> None:
    assert tokens(name) == expected


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Dr. Adeyemi", "adeyemi"),
        ("folake adeyemi", "adeyemi"),
        ("adeyemmi", "adeyemi"),
        ("1234567893", "adeyemi"),
        ("Lindquist", "lindqvist"),
        ("Alice Chen", "chen-a"),
        ("Chen oncology", "chen-b"),
        ("陳醫師", "zh"),
        ("陳怡君", "zh"),
        ("Lakeside", "hco-1"),
    ],
)
def test_one_customer_fits(record: SqlCustomerRepository, typed: str, wanted: str) -> None:
    found = resolve(record, scope(), typed)
    assert found.customer is not None
    assert found.customer.id == wanted


def test_several_fit_and_nobody_fits(record: SqlCustomerRepository) -> None:
    choices = resolve(record, scope(), "Dr. Chen").choices
    assert {choice.id for choice in choices} >= {"chen-a", "chen-b"}
    assert any("Lakeside Heart Clinic" in choice.label for choice in choices)
    for name in ("Zhivago", "Fardweller", "", "!!!", "\ud800"):
        nobody = resolve(record, scope(), name)
        assert (nobody.customer, nobody.choices) == (None, ())


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("what did Dr Adeyemi say about PA", "adeyemi"),
        ("who visited Lakeside last month?", "hco-1"),
        ("when did we last see lindqvist", "lindqvist"),
        ("陳怡君上次說了什麼", "zh"),
        ("請問陳醫師說了什麼", "zh"),
    ],
)
def test_whom_a_sentence_names(record: SqlCustomerRepository, sentence: str, wanted: str) -> None:
    found = mentioned(record, scope(), sentence).resolution.customer
    assert found is not None
    assert found.id == wanted


def test_a_sentence_without_a_customer_names_nobody(record: SqlCustomerRepository) -> None:
    assert mentioned(record, scope(), "What is the starting dose in renal impairment?").words == ""
