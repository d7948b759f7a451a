"""What a message in a thread is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.names import ProductNames
from knowledge.retrieval.query import Query
from knowledge.retrieval.thread import read
from tests.fakes import document

NAMES = ProductNames.of(
    [replace(document(key=name, products=frozenset({name})), names=()) for name in ("Velmora", "Cardinexa")]
)


@pytest.mark.parametrize(
    ("query", "products", "asides"),
    [
        (Query("velmora dose?"), {"Velmora"}, set()),
        (Query("velmora vs cardinexa on weight"), {"Velmora"}, {"Cardinexa"}),
        (Query("and in kids?", ("cardinexa dosing", "thanks")), {"Cardinexa"}, set()),
        (Query("max dose?"), set(), set()),
        (Query("bleeds versus cardinexa", products=frozenset({"Velmora"})), {"Velmora"}, {"Cardinexa"}),
        (Query("what about cardinexa?", products=frozenset({"Velmora"})), {"Velmora", "Cardinexa"}, set()),
    ],
)
def test_the_products_a_message_is_about(query: Query, products: set[str], asides: set[str]) -> None:
    reading = read(query, NAMES)
    assert (reading.products, reading.asides) == (products, asides)


def test_a_fragment_leans_on_its_thread_and_a_whole_question_does_not() -> None:
    history = ("velmora starting dose in adults?",)
    fragment = read(Query("same for a 13 yr old?", history), NAMES)
    whole = read(Query("storage temperature limits of velmora vials after opening the carton", history), NAMES)
    assert fragment.leaning > 0.5 > whole.leaning
    assert fragment.context == history[0]


def test_without_a_thread_nothing_leans() -> None:
    assert read(Query("and then?"), NAMES).leaning == 0.0
