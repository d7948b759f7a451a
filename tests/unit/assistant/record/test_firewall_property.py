"""What must never happen: a commercial reader reads medical text, or anybody reads past their territory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.ask.record import RecordAnswerer
from assistant.brief.service import BriefService
from assistant.domain.person import Principal, Role
from assistant.errors import AccessDenied, NotFound
from assistant.policies.record_access import COMMERCIAL_READERS, MEDICAL_READERS
from assistant.record.service import CustomerService
from integrations.customer_json import brief_json, shown_json
from integrations.storage.customers import SqlCustomerRepository
from integrations.storage.database import Database
from integrations.storage.migrate import migrate
from tests.fakes import FakeClock, FakeDocumentRepository, person
from tests.record_data import CUSTOMERS, NOW, fill

NAMES = st.sampled_from(
    [*(one.name for one in CUSTOMERS), *(one.id for one in CUSTOMERS), "Dr. Chen", "Fardweler", "陳醫師"]
)
QUESTIONS = st.sampled_from(
    [
        "what did {} say about XENOSECRET?",
        "what did {} say?",
        "who visited {} this year?",
        "when did we last see {}?",
        "what did I promise {}?",
        "when is my next visit with {}",
        "how does {} prefer to be contacted?",
        "{}上次說了什麼？",
    ]
)
ROLES = st.sampled_from(list(Role))
TERRITORIES = st.sets(st.sampled_from(["TX-01", "TX-02", "TX-03"])).map(frozenset) | st.just(frozenset({"*"}))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlCustomerRepository]:
    path: Path = tmp_path_factory.mktemp("record") / "record.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    repository = SqlCustomerRepository(database)
    fill(repository)
    yield repository
    database.close()


def everything_told(record: SqlCustomerRepository, principal: Principal, name: str, question: str) -> str:
    clock = FakeClock(NOW)
    told = []
    for tell in (
        lambda: brief_json(BriefService(record, FakeDocumentRepository(), clock).brief(principal, name)),
        lambda: shown_json(CustomerService(record, clock).show(principal, name)),
        lambda: str(RecordAnswerer(record, clock).answer(principal, question.format(name), ["Dr. Adeyemi"])),
        lambda: [one.name for one in CustomerService(record, clock).everyone(principal)],
    ):
        try:
            told.append(tell())
        except (AccessDenied, NotFound) as refusal:
            told.append(str(refusal).replace(name, ""))
    return json.dumps(told, ensure_ascii=False).replace(name, "")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(role=ROLES, territories=TERRITORIES, name=NAMES, question=QUESTIONS, all_products=st.booleans())
def test_nobody_reads_past_the_firewall_or_their_territories(
    record: SqlCustomerRepository, role: Role, territories: frozenset[str], name: str, question: str, all_products: bool
) -> None:
    products = frozenset({"*"}) if all_products else frozenset({"Velmora"})
    asker = Principal(person(role=role, territories=territories, products=products, name="Ana Ruiz"))
    told = everything_told(record, asker, name, question)
    if role not in MEDICAL_READERS:
        assert "XENOSECRET" not in told.replace("about XENOSECRET", "")
    if territories.isdisjoint({"TX-02", "*"}):
        assert "FARSECRET" not in told
        assert "Fardweller" not in told
    if not all_products:
        assert "discussed at length" not in told
        assert "loyal" not in told
    if role not in COMMERCIAL_READERS | MEDICAL_READERS:
        assert "Austin" not in told
        assert "Lakeside" not in told
