"""Words, terms and languages: what the index and every lexicon rely on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import guess_language, normalise, stem, stop_words, terms, words


def test_normalise_makes_widths_quotes_and_dashes_plain() -> None:
    assert normalise("ＧＬＰ−1 Crohn’s so\u00adlution\u200b ½") == "glp-1 crohn's solution 1⁄2"


def test_normalise_drops_what_cannot_be_stored() -> None:
    assert normalise("a\x00b\ud800c") == "a b c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Give 10mg (0.5 mL)", ["give", "10", "mg", "0.5", "ml"]),
        ("HbA1c ≥ 7.5%", ["hba1c", "7.5"]),
        ("1,000 of 12,345.5", ["1000", "of", "12345.5"]),
        ("0,5 mg", ["0.5", "mg"]),
        ("Crohn's l'insuffisance", ["crohn", "insuffisance"]),
        ("每週10毫克", ["每週", "10", "毫克"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is the dose for patients?", ["dose", "patient"]),
        ("GLP-1 receptor", ["glp", "1", "receptor", "glp1"]),
        ("Quelles sont les contre-indications ?", ["contr", "indiqu"]),
        ("Wie werden die Injektionen gelagert?", ["injektion", "gelagert"]),
        ("起始劑量", ["起始", "始劑", "劑量"]),
        ("藥", ["藥"]),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_terms_follow_a_given_language() -> None:
    assert terms("Injektionen", "de-AT") == ["injektion"]
    assert terms("Injektionen", "en") == ["injektionen"]


def test_compounds_leave_ranges_and_dates_alone() -> None:
    assert "section2" not in terms("sub-section-2.1 of 2026-01-05")
    assert "week12" in terms("week-12 data")


def test_negations_are_searched_for() -> None:
    assert not {"not", "no", "without"} & stop_words("en")
    assert "nicht" not in stop_words("de")
    assert "pas" not in stop_words("fr")


def test_words_with_digits_are_not_stemmed() -> None:
    assert stem("b12s") == "b12s"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what's the max dose in renal impairment", "en"),
        ("Mounjaro max dose", "en"),
        ("", "en"),
        ("12345", "en"),
        ("Trulicity 的起始劑量?", "zh-TW"),
        ("Quelle est la dose maximale ?", "fr"),
        ("posologie chez l'insuffisant rénal", "fr"),
        ("Wie hoch ist die Höchstdosis?", "de"),
        ("Dosis bei Nierenschwäche", "de"),
        ("Is it 樂 safe with naïve patients in the study", "en"),
    ],
)
def test_guess_language(text: str, language: str) -> None:
    assert guess_language(text) == language


@given(st.text(alphabet=st.characters()))
def test_any_text_gives_terms_that_can_be_stored(text: str) -> None:
    for term in terms(text):
        assert term
        assert " " not in term
        term.encode("utf-8")
