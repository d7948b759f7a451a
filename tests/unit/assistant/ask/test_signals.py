from __future__ import annotations

import pytest

from assistant.ask.conditions import conditions_in
from assistant.ask.cues import cue_counts
from assistant.ask.patient_age import patient_age


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("afib pt, 82", "atrial fibrillation"),
        ("用在多囊性卵巢的病人", "polycystic ovary syndrome"),
        ("ein Patient mit Vorhofflimmern", "atrial fibrillation"),
        ("une patiente qui a de l'eczéma", "atopic dermatitis"),
        ("HS stage 3", "hidradenitis suppurativa"),
        ("crohns flare", "crohn's disease"),
    ],
)
def test_conditions_are_recognised_in_the_words_of_the_field(text: str, condition: str):
    assert condition in conditions_in(text)


@pytest.mark.parametrize("text", ["as needed, all patients", "the ad hoc group", "Ms. Lee called", "what a hit"])
def test_ordinary_words_are_no_conditions(text: str):
    assert conditions_in(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("14 yo boy", 14),
        ("11 歲小朋友", 11),
        ("une ado de 15 ans", 15),
        ("8-year-old", 8),
        ("a toddler", 1),
        ("82, 70 kg", None),
    ],
)
def test_the_age_of_the_patient(text: str, age: float | None):
    assert patient_age(text) == age


def test_an_18_month_old_is_one_and_a_half():
    assert patient_age("18 month old with uveitis") == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("what is the copay", "access_price"),
        ("健保給付嗎", "access_price"),
        ("Zuzahlung für die Packung?", "access_price"),
        ("any head to head against them", "comparison"),
        ("between us, do you think it works", "opinion"),
        ("ist das laut Fachinfo kontraindiziert", "label"),
        ("combien de jours", "quantity"),
    ],
)
def test_cues_count_their_family(text: str, family: str):
    assert cue_counts(text)[family] >= 1


def test_cues_match_whole_words_only():
    assert cue_counts("the placebo group tiered off")["access_price"] == 0
