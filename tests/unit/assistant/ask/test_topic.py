from __future__ import annotations

import pytest

from assistant.ask.topic import find_topic
from assistant.domain.person import Person, Principal, Role
from knowledge.names import ProductNames

NAMES = ProductNames(
    {
        name: frozenset({product})
        for product, names in {
            "Velquora": ("velquora", "sotaglutide"),
            "Calixra": ("calixra", "mirexaban"),
            "Pelluvia": ("pelluvia", "dorsekimab"),
        }.items()
        for name in names
    },
    frozenset({"Velquora", "Calixra", "Pelluvia"}),
)


def principal(*products: str) -> Principal:
    person = Person("p", "Pat", "p@x.example", Role.REP, "US", frozenset(products), frozenset({"*"}))
    return Principal(person)


def no_drugs(_: str) -> list[str]:
    return []


def competitor(text: str) -> list[str]:
    return ["Rivalex"] if "rivalex" in text.lower() else []


def topic(question: str, *products: str, history: tuple[str, ...] = (), product: str | None = None, drugs=no_drugs):
    return find_topic(principal(*products), NAMES, drugs, question, history, product)


def test_an_assigned_product_is_found_by_any_of_its_names():
    assert topic("starting dose of sotaglutide?", "Velquora").products == {"Velquora"}


def test_the_thread_carries_its_product_forward():
    found = topic("and the maximum?", "Velquora", "Calixra", history=("velquora starting dose?",))
    assert found.products == {"Velquora"}
    assert not found.denied


@pytest.mark.parametrize("question", ["dose of calixra?", "dose of Rivalex?", "tell me about dorsekimab"])
def test_a_product_outside_the_assignment_is_denied_held_or_not(question: str):
    assert topic(question, "Velquora", drugs=competitor).denied


@pytest.mark.parametrize("given", ["Calixra", "Rivalex", "no such thing"])
def test_a_conversation_about_an_unassigned_product_is_denied_alike(given: str):
    assert topic("starting dose?", "Velquora", product=given).denied


def test_a_comparison_with_an_unassigned_product_stays_about_ours():
    found = topic("is velquora better than calixra?", "Velquora")
    assert (found.denied, found.products, found.beside) == (False, {"Velquora"}, ("Calixra",))


def test_a_co_medication_in_a_known_conversation_is_not_denied():
    found = topic("ok together with calixra?", "Velquora", product="Velquora")
    assert not found.denied
    assert found.products == {"Velquora"}


def test_turning_to_an_unassigned_product_in_mid_thread_is_denied():
    assert topic("calixra dose?", "Velquora", product="Velquora").denied


def test_whoever_holds_all_products_is_not_denied_an_unheld_one():
    assert not topic("dose of Rivalex?", "*", drugs=competitor).denied


def test_a_clipped_word_never_betrays_an_unassigned_product():
    assert not topic("what about pell?", "Velquora", history=("velquora dose",)).denied
