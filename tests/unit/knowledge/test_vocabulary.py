"""Drugs that are none of ours, read from the licensed vocabulary, and the file that keeps it between runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.names import ProductNames
from knowledge.vocabulary import DrugVocabulary
from tests.fakes import document

OURS = ProductNames.of(
    [replace(document(products=frozenset({"Mounjaro"})), names=("tirzepatide",))],
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("names")


@pytest.fixture(scope="module")
def vocabulary(cache: Path) -> DrugVocabulary:
    return DrugVocabulary(cache)


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("vs Ozempic?", ["semaglutide"]),
        ("she also takes insulin glargine and Xarelto", ["insulin glargine", "rivaroxaban"]),
        ("Leqembi data", ["lecanemab"]),
        ("司美格魯肽 比較", ["semaglutide"]),
        ("skyrizi's label", ["risankizumab-rzaa"]),
        ("what is the dose in renal impairment, creatinine and glucose checked with water", []),
        ("he sits at 10 and caps it", []),
    ],
)
def test_drugs_are_found_and_ordinary_words_are_not(vocabulary: DrugVocabulary, text: str, drugs: list[str]) -> None:
    found = vocabulary.mentions(text)
    assert [mention.drug for mention in found] == drugs
    assert all(text[mention.start : mention.end] == mention.text for mention in found)


def test_our_own_product_is_no_other_drug_but_another_brand_of_its_ingredient_is(vocabulary: DrugVocabulary) -> None:
    assert vocabulary.other_drugs("mounjaro or tirzepatide dose", OURS) == []
    assert [mention.text for mention in vocabulary.other_drugs("mounjaro or Zepbound", OURS)] == ["Zepbound"]


def test_the_kept_file_serves_the_next_run(vocabulary: DrugVocabulary, cache: Path) -> None:
    vocabulary.drug("aspirin")
    (kept,) = cache.iterdir()
    kept.write_bytes(b"nosuchdrug\tproof\n")
    assert DrugVocabulary(cache).drug("nosuchdrug") == "proof"


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert DrugVocabulary(blocked / "names").drug("ozempic") == "semaglutide"
    assert "could not be kept" in caplog.text
