"""The roster's table behind `PeopleRepository`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy.exc import IntegrityError

from assistant.domain.person import Person, Role
from assistant.errors import Conflict
from assistant.identify import email_key
from assistant.ports import Clock
from integrations.storage.database import Database
from integrations.storage.tables.people import people


class SqlPeopleRepository:
    """People, on SQLite or PostgreSQL. An address belongs to one person over all tenants: it is how they sign in."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, people_: Sequence[Person]) -> None:
        """Create or update people by tenant and id, all or nothing. Raises Conflict when two would share an address."""
        rows = [{**_row(person), "changed_at": self._clock.now()} for person in people_]
        try:
            with self._database.write() as connection:
                for person in people_:
                    connection.execute(delete(people).where(_is(person)))
                if rows:
                    connection.execute(insert(people), rows)
        except IntegrityError as fault:
            raise Conflict("two people would share an e-mail address; every address must be one person's") from fault

    def by_email(self, key: str) -> Person | None:
        """The person with this address (as `email_key` writes it), active or not."""
        return self._one(people.c.email_key == key)

    def by_slack_user(self, slack_user_id: str) -> Person | None:
        """The person with this Slack user id, active or not."""
        return self._one(people.c.slack_user_id == slack_user_id)

    def everyone(self, tenant: str) -> list[Person]:
        """All people of a tenant, by name."""
        statement = select(people).where(people.c.tenant_id == tenant).order_by(people.c.name, people.c.id)
        with self._database.read() as connection:
            return [_person(row) for row in connection.execute(statement).mappings()]

    def _one(self, condition: Any) -> Person | None:
        with self._database.read() as connection:
            row = connection.execute(select(people).where(condition)).mappings().first()
        return None if row is None else _person(row)


def _is(person: Person) -> Any:
    return (people.c.tenant_id == person.tenant) & (people.c.id == person.id)


def _row(person: Person) -> dict[str, Any]:
    return {
        "tenant_id": person.tenant,
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "email_key": email_key(person.email),
        "slack_user_id": person.slack_user_id,
        "role": person.role.value,
        "market": person.market,
        "products": sorted(person.products),
        "territories": sorted(person.territories),
        "manager": person.manager,
        "active": person.active,
        "timezone": person.timezone,
        "language": person.language,
    }


def _person(row: RowMapping) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        email=row["email"],
        role=Role(row["role"]),
        market=row["market"],
        products=frozenset(row["products"]),
        territories=frozenset(row["territories"]),
        manager=row["manager"],
        slack_user_id=row["slack_user_id"],
        active=row["active"],
        tenant=row["tenant_id"],
        timezone=row["timezone"],
        language=row["language"],
    )
