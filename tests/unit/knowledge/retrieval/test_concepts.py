"""Questions as concepts: synonyms, translations and ages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.retrieval.concepts import concepts
from knowledge.text import terms


def ways(text: str) -> set[tuple[str, ...]]:
    return {way for concept in concepts(text) for way in concept.ways}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("any sob?", "dyspnea"),
        ("T2DM pts", "type 2 diabetes mellitus"),
        ("fridge ok?", "storage"),
        ("kidney function", "renal"),
        ("孕婦可以用嗎", "pregnancy"),
        ("肝硬化怎麼調整", "cirrhosis"),
        ("effets indésirables chez l'enfant ?", "adverse reactions"),
        ("Kann man bei Niereninsuffizienz dosieren?", "renal impairment"),
        ("same for a 13 yr old?", "pediatric"),
        ("her 82 y/o father", "geriatric"),
        ("11 歲", "pediatric"),
    ],
)
def test_a_question_reaches_the_words_of_labels(text: str, label: str) -> None:
    assert tuple(terms(label, "en")) in ways(text)


def test_an_adult_age_is_no_population_and_a_dose_no_age() -> None:
    found = ways("45 yr old on 10 mg for 8 weeks")
    assert not found & {tuple(terms("pediatric", "en")), tuple(terms("geriatric", "en"))}


@given(st.text(max_size=80))
def test_any_text_gives_concepts_with_something_to_look_for(text: str) -> None:
    assert all(concept.ways and all(concept.ways) for concept in concepts(text))
