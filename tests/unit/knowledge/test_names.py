"""Our products by brand, ingredient, clipped, misspelt and translated names, and ordinary words left alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.names import Match, ProductNames, fold
from tests.fakes import document

HELD = {
    "Mounjaro": ("MOUNJARO", "tirzepatide"),
    "Humira": ("Humira", "adalimumab"),
    "Simlandi": ("adalimumab-ryvk",),
    "Metformin": ("Metformin hydrochloride",),
    "Metoprolol": ("METOPROLOL TARTRATE",),
    "Nitelix": ("NITE TIME Cold and Cough",),
}
NAMES = ProductNames.of(
    replace(document(key=product, products=frozenset({product})), names=names) for product, names in HELD.items()
)


@pytest.mark.parametrize(
    ("text", "product", "match"),
    [
        ("Mounjaro®", "Mounjaro", Match.EXACT),
        ("what does MOUNJARO's label say", "Mounjaro", Match.EXACT),
        ("mounj dose", "Mounjaro", Match.PREFIX),
        ("mounjero dose", "Mounjaro", Match.FUZZY),
        ("tirz shot", "Mounjaro", Match.PREFIX),
        ("tirzépatide", "Mounjaro", Match.EXACT),
        ("mounjaro-Patienten", "Mounjaro", Match.EXACT),
        ("請問Mounjaro最高劑量", "Mounjaro", Match.EXACT),
        ("猛健樂可以嗎", "Mounjaro", Match.EXACT),
        ("metformine", "Metformin", Match.FUZZY),
        ("metfor", "Metformin", Match.PREFIX),
    ],
)
def test_a_name_is_recognised_in_its_disguises(text: str, product: str, match: Match) -> None:
    (found,) = NAMES.mentions(text)
    assert (found.products, found.match) == (frozenset({product}), match)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text", ["met her today", "cold and cough season", "her time at night", "API key", "the human factor", ""]
)
def test_ordinary_words_name_nothing(text: str) -> None:
    assert NAMES.mentions(text) == []


def test_an_ingredient_shared_by_two_products_means_both() -> None:
    assert NAMES.resolve("adalimumab") == {"Humira", "Simlandi"}
    assert NAMES.resolve("Humira") == {"Humira"}
    assert NAMES.resolve("Ozempic") == frozenset()


@given(st.text(max_size=60))
def test_mentions_lie_inside_any_text_and_do_not_overlap(text: str) -> None:
    assert len(fold(text)) == len(text)
    found = NAMES.mentions(text)
    assert all(text[mention.start : mention.end] == mention.text for mention in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
