"""The customer record's contract, on every database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.domain.follow_up import FollowUp, FollowUpOwner
from assistant.domain.insight import Insight, InsightKind, InsightStatus, Topic
from assistant.domain.preference import Preference, Stance
from assistant.domain.provenance import Provenance, Source, Visibility
from assistant.domain.record import Period, Saved
from assistant.policies.firewall import seal
from integrations.storage.customers import SqlCustomerRepository
from integrations.storage.database import Database
from tests.record_data import CUSTOMERS, INTERACTIONS, NOW, TENANT, ago, customer, fill, interaction, scope

EVER = Period()


@pytest.fixture
def record(database: Database) -> SqlCustomerRepository:
    repository = SqlCustomerRepository(database)
    fill(repository)
    return repository


def test_loading_again_changes_nothing(record: SqlCustomerRepository) -> None:
    assert record.save_customers(TENANT, CUSTOMERS, NOW) == Saved(same=len(CUSTOMERS))
    assert record.save_interactions(TENANT, [seal(one) for one in INTERACTIONS], NOW) == Saved(same=len(INTERACTIONS))


def test_a_correction_is_a_new_version_and_keeps_the_old_one(record: SqlCustomerRepository) -> None:
    corrected = interaction("i-1", "adeyemi", 60, "Prior auth takes two weeks.")
    assert record.save_interactions(TENANT, [seal(corrected)], NOW) == Saved(changed=1)
    read = next(one for one in record.interactions(scope(), ["adeyemi"], period=EVER, limit=9) if one.id == "i-1")
    assert (read.summary, read.version) == ("Prior auth takes two weeks.", 2)
    held = record.export(TENANT, "adeyemi")
    assert held is not None
    assert "three weeks" in json.dumps(held["record_versions"])


def test_one_id_twice_in_one_save_is_a_correction(record: SqlCustomerRepository) -> None:
    twice = [seal(interaction("new", "adeyemi", 1, text, documents=("doc",))) for text in ("first", "second")]
    assert record.save_interactions(TENANT, twice, NOW) == Saved(new=1, changed=1)
    moved = seal(interaction("new", "chen-a", 1, "second", documents=("doc",)))
    assert record.save_interactions(TENANT, [moved], NOW) == Saved(changed=1)


def test_commercial_readers_see_that_a_medical_contact_took_place_and_nothing_more(
    record: SqlCustomerRepository,
) -> None:
    read = {one.id: one for one in record.interactions(scope(), ["adeyemi"], period=EVER, limit=99)}
    withheld = read["i-3"]
    assert (withheld.shown, withheld.summary, withheld.author, withheld.products) == (False, "", "", ())
    assert (withheld.author_role, withheld.at) == ("msl", ago(20))
    assert read["i-4"].summary == "She likes the pen."
    assert read["i-4"].medical_request
    assert not read["i-6"].shown
    visits = record.visits(scope(), ["adeyemi"], period=Period(NOW, NOW + timedelta(days=9)))
    assert [(one.id, one.purpose) for one in visits] == [("v-1", "Appeal form"), ("v-2", ""), ("v-3", "")]


def test_medical_readers_see_the_whole_text(record: SqlCustomerRepository) -> None:
    medical = scope(medical=True)
    read = {one.id: one for one in record.interactions(medical, ["adeyemi"], period=EVER, limit=99)}
    assert read["i-3"].summary == "Scientific exchange on XENOSECRET."
    assert "off-label use in XENOSECRET" in read["i-4"].summary


def test_other_products_show_as_a_date_only(record: SqlCustomerRepository) -> None:
    read = {one.id: one for one in record.interactions(scope(), ["adeyemi"], period=EVER, limit=99)}
    assert (read["i-5"].shown, read["i-5"].summary, read["i-5"].products) == (False, "", ())
    everything = record.interactions(scope(products=frozenset({"*"})), ["adeyemi"], period=EVER, limit=99)
    assert {one.id: one for one in everything}["i-5"].summary == "Otherin discussed at length."


def test_nothing_of_another_territory_is_read(record: SqlCustomerRepository) -> None:
    assert record.get(scope(), ["far", "hco-2"]) == []
    assert record.find(scope(), ["fardweller", "~frdflr", "^far"], limit=9) == []
    assert record.interactions(scope(), ["far"], period=EVER, limit=9) == []
    assert record.members(scope(), "hco-2", limit=9)[0].affiliations == ("hco-1",)
    assert "far" not in {one.id for one in record.page(scope(), after="", limit=99)}
    assert record.get(scope(territories=frozenset({"*"})), ["far"])[0].name == "Dr. Remote Fardweller"


def test_nothing_of_another_tenant_is_read(record: SqlCustomerRepository) -> None:
    other = scope(tenant="other", territories=frozenset({"*"}), medical=True)
    assert record.get(other, ["adeyemi"]) == []
    assert record.page(other, after="", limit=9) == []
    assert record.interactions(other, ["adeyemi"], period=EVER, limit=9) == []


def test_a_customer_who_moves_is_found_in_the_new_territory_only(record: SqlCustomerRepository) -> None:
    record.save_customers(TENANT, [customer("lindqvist", "Dr. Per Lindqvist", territories=frozenset({"TX-02"}))], NOW)
    assert record.find(scope(), ["lindqvist"], limit=9) == []
    assert record.find(scope(territories=frozenset({"TX-02"})), ["lindqvist"], limit=9)[0].customer.id == "lindqvist"


def test_the_readers_last_contact(record: SqlCustomerRepository) -> None:
    last = record.last_by_reader(scope(), "adeyemi", before=NOW)
    assert last is not None
    assert last.id == "i-6"
    assert record.last_by_reader(scope(names=frozenset({"Nobody"})), "adeyemi", before=NOW) is None


def test_typed_facts_come_back_as_they_were_and_keep_to_the_firewall(record: SqlCustomerRepository) -> None:
    source = Source("i-1", "Ana Ruiz", "rep", "Prior auth takes three weeks", 0, 28)
    held = Provenance(source, ago(60), NOW, 0.9)
    facts = [
        Insight("n1", "adeyemi", InsightKind.ENVIRONMENT, "PA is slow.", Topic.ACCESS, held, "Velmora", barrier=True),
        FollowUp("f1", "adeyemi", "Appeal form", FollowUpOwner.REP, held, person="Ana Ruiz"),
        Preference("p1", "adeyemi", "No e-mail", Stance.OPTED_OUT, held, "email"),
    ]
    hidden = replace(held, visibility=Visibility.MEDICAL)
    proposed = replace(facts[0], id="n3", status=InsightStatus.PROPOSED)
    assert record.save_facts(TENANT, [*facts, replace(facts[0], id="n2", provenance=hidden), proposed]) == Saved(new=5)
    assert record.insights(scope(), ["adeyemi"]) == [facts[0]]
    assert record.follow_ups(scope(), ["adeyemi"]) == [facts[1]]
    assert record.preferences(scope(), ["adeyemi"]) == [facts[2]]
    assert {one.id for one in record.insights(scope(medical=True), ["adeyemi"])} == {"n1", "n2"}
    assert record.insights(scope(products=frozenset({"Otherin"})), ["adeyemi"]) == []
    assert record.save_facts(TENANT, facts) == Saved(same=3)


def test_erasure_removes_everything_says_what_it_kept_and_lasts(record: SqlCustomerRepository) -> None:
    erasure = record.erase(TENANT, "adeyemi", by="privacy", at=NOW)
    assert erasure is not None
    assert erasure.removed["interactions"] == 6
    assert all(erasure.kept.values())
    assert record.export(TENANT, "adeyemi") is None
    assert record.find(scope(), ["adeyemi", "#1234567893"], limit=9) == []
    assert record.erased(TENANT, {"adeyemi", "chen-a"}) == {"adeyemi"}
    assert record.erase(TENANT, "adeyemi", by="privacy", at=NOW) is None
    assert record.known(TENANT, {"adeyemi", "chen-a"}) == {"chen-a"}
