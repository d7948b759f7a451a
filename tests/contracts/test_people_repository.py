"""One suite over every PeopleRepository, and identification on top of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.domain.person import Role
from assistant.errors import Conflict, InactivePerson, UnknownPerson
from assistant.identify import IdentifyService, email_key
from assistant.ports import PeopleRepository
from integrations.storage.database import Database
from integrations.storage.people import SqlPeopleRepository
from tests.fakes import FakeClock, FakePeopleRepository, person


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def repository(request: pytest.FixtureRequest) -> PeopleRepository:
    if request.param == "fake":
        return FakePeopleRepository()
    database: Database = request.getfixturevalue(f"{request.param}_database")
    return SqlPeopleRepository(database, FakeClock())


def test_what_is_saved_comes_back_exactly(repository: PeopleRepository) -> None:
    saved = person(
        name="林怡君",
        role=Role.MSL,
        products=frozenset({"A", "B"}),
        manager="m1",
        slack_user_id="U1",
        active=False,
        timezone="Asia/Taipei",
        language="zh-TW",
    )
    repository.save([saved])
    assert repository.everyone("default") == [saved]
    assert repository.by_email(saved.email) == saved
    assert repository.by_slack_user("U1") == saved


def test_saving_again_updates(repository: PeopleRepository) -> None:
    repository.save([person("p1"), person("p2")])
    moved = replace(person("p1"), email="new@example.com", products=frozenset({"*"}))
    repository.save([moved])
    assert repository.by_email("new@example.com") == moved
    assert repository.by_email("p1@example.com") is None
    assert len(repository.everyone("default")) == 2


def test_people_may_swap_addresses(repository: PeopleRepository) -> None:
    one, two = person("p1"), person("p2")
    repository.save([one, two])
    repository.save([replace(one, email=two.email), replace(two, email=one.email)])
    found = repository.by_email("p2@example.com")
    assert found is not None
    assert found.id == "p1"


def test_one_address_is_one_person(repository: PeopleRepository) -> None:
    repository.save([person("p1")])
    with pytest.raises(Conflict, match="address"):
        repository.save([person("p2"), person("p3", email="P1@Example.com")])
    with pytest.raises(Conflict, match="address"):
        repository.save([person("p1", tenant="other")])
    assert [found.id for found in repository.everyone("default")] == ["p1"]


def test_identification(repository: PeopleRepository) -> None:
    identify = IdentifyService(repository)
    repository.save([person("p1", slack_user_id="U1"), person("gone", active=False)])
    assert identify.by_email("  P1@EXAMPLE.com ").person.id == "p1"
    assert identify.by_slack_user("U1").person.id == "p1"
    with pytest.raises(InactivePerson):
        identify.by_email("gone@example.com")


@pytest.mark.parametrize("email", ["", "nobody@example.com", "\ud800@x", "a\x00b", "*", "' OR 1=1 --", "x" * 100_000])
def test_strangers_are_unknown_whatever_they_write(repository: PeopleRepository, email: str) -> None:
    repository.save([person("p1")])
    with pytest.raises(UnknownPerson):
        IdentifyService(repository).by_email(email)
    email_key(email).encode("utf-8")
