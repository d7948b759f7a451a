"""The sample's people and customer record: everything named exists, and the year reads like a year."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from assistant.domain.customer import ConsentStatus, CustomerKind
from assistant.domain.person import Role
from integrations.sample.morning import morning
from knowledge.readers import read
from tests.unit.integrations.sample.conftest import TODAY, Sample

PRODUCTS = {"Velquora", "Calixra", "Pelluvia"}
MAILINGS = "Meridale mailings"


def test_every_role_is_filled_and_one_person_has_left(sample: Sample) -> None:
    assert {person["role"] for person in sample.people if person.get("active", True)} == {role.value for role in Role}
    assert any(not person.get("active", True) for person in sample.people)


def test_people_are_unique_and_their_managers_exist(sample: Sample) -> None:
    for field in ("id", "email", "slack_user_id", "name"):
        assert max(Counter(person[field] for person in sample.people).values()) == 1
    ids = {person["id"] for person in sample.people}
    assert {person["manager"] for person in sample.people if "manager" in person} <= ids
    assert all(set(person["products"]) <= PRODUCTS | {"*"} for person in sample.people)


def test_customers_are_as_many_as_a_field_force_knows(sample: Sample) -> None:
    kinds = Counter(customer["kind"] for customer in sample.customers)
    assert kinds == {CustomerKind.HCP: 60, CustomerKind.HCO: 15, CustomerKind.PAYER: 4}
    assert max(Counter(customer["id"] for customer in sample.customers).values()) == 1


def test_affiliations_lead_to_organisations_of_the_same_territory(sample: Sample) -> None:
    held = {customer["id"]: customer for customer in sample.customers}
    territories = {name for person in sample.people for name in person["territories"]}
    for customer in sample.customers:
        assert set(customer["territories"]) <= territories
        for affiliation in customer["affiliations"]:
            assert held[affiliation]["kind"] == CustomerKind.HCO
            assert set(customer["territories"]) & set(held[affiliation]["territories"])
        if customer["kind"] == CustomerKind.HCP:
            assert customer["affiliations"]


def test_identifiers_can_belong_to_nobody(sample: Sample) -> None:
    """National provider numbers begin with 1 or 2: one that begins with 9 was never given out."""
    numbers = [customer["identifiers"].get("npi", "9") for customer in sample.customers]
    assert all(number.startswith("9") for number in numbers)


def test_names_that_are_easily_confused_are_there(sample: Sample) -> None:
    chens = [customer["name"] for customer in sample.customers if customer["name"].endswith(" Chen")]
    assert len(chens) == 3


def test_every_contact_names_a_customer_an_author_and_documents_that_exist(sample: Sample) -> None:
    customers = {customer["id"] for customer in sample.customers}
    people = {person["name"]: person["role"] for person in sample.people} | {MAILINGS: "marketing"}
    documents = {entry.id or read(entry.file).document_id for entry in sample.manifest.entries}
    assert max(Counter(contact["id"] for contact in sample.interactions).values()) == 1
    for contact in sample.interactions:
        assert contact["customer"] in customers
        assert people[contact["author"]] == contact["author_role"]
        assert set(contact["documents"]) <= documents
        assert set(contact["products"]) <= PRODUCTS
        assert contact["summary"].strip()


def test_reps_write_about_their_own_products_and_territories(sample: Sample) -> None:
    people = {person["name"]: person for person in sample.people}
    territories = {customer["id"]: set(customer["territories"]) for customer in sample.customers}
    for contact in sample.interactions:
        author = people.get(contact["author"])
        if author and author["products"] and "*" not in author["products"]:
            assert set(contact["products"]) <= set(author["products"]), contact["id"]
        if author and "*" not in author["territories"]:
            assert territories[contact["customer"]] & set(author["territories"]), contact["id"]


def test_the_year_is_past_full_and_in_many_words(sample: Sample) -> None:
    moments = [datetime.fromisoformat(contact["at"]) for contact in sample.interactions]
    assert all(at.tzinfo and at.date() < TODAY for at in moments)
    assert len({(at.year, at.month) for at in moments}) >= 12
    written = [contact["summary"] for contact in sample.interactions if contact["author"] != MAILINGS]
    assert len(set(written)) == len(written) >= 300
    openings = Counter(" ".join(text.split()[:3]) for text in written)
    assert max(openings.values()) <= 5
    assert {contact["author_role"] for contact in sample.interactions} >= {"rep", "kam", "msl", "market_access"}


def test_nothing_is_mailed_to_whoever_did_not_agree(sample: Sample) -> None:
    agreed = {
        customer["id"]
        for customer in sample.customers
        for consent in customer["consents"]
        if (consent["channel"], consent["status"]) == ("email", ConsentStatus.GRANTED)
    }
    mailed = {contact["customer"] for contact in sample.interactions if contact["author"] == MAILINGS}
    assert mailed <= agreed
    statuses = {consent["status"] for customer in sample.customers for consent in customer["consents"]}
    assert statuses <= set(ConsentStatus)


def test_everyone_in_the_field_has_a_visit_today_of_a_customer_in_reach(sample: Sample) -> None:
    territories = {customer["id"]: set(customer["territories"]) for customer in sample.customers}
    people = {person["name"]: person for person in sample.people}
    today = {visit["rep"] for visit in sample.visits if datetime.fromisoformat(visit["starts_at"]).date() == TODAY}
    reps = {person["name"] for person in sample.people if person["role"] == Role.REP and person.get("active", True)}
    assert reps <= today
    for visit in sample.visits:
        reach = set(people[visit["rep"]]["territories"])
        assert "*" in reach or territories[visit["customer"]] & reach, visit["id"]


def test_the_morning_is_played_by_people_who_work_here(sample: Sample) -> None:
    active = {person["email"] for person in sample.people if person.get("active", True)}
    steps = morning()
    assert 8 <= len(steps) <= 14
    assert {step.email for step in steps} <= active
    assert {step.expect for step in steps} >= {"answered", "referred", "denied"}
    assert [step.time for step in steps] == sorted(step.time for step in steps)
