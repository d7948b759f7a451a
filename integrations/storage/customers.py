"""The customer record over SQL. Every read is made from a `RecordScope`; see `customer_scope` for what that does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, Select, Table, select

from assistant.domain.customer import Customer, RecordScope
from assistant.domain.follow_up import FollowUp
from assistant.domain.insight import Insight, InsightStatus
from assistant.domain.interaction import Interaction, SealedInteraction, Visit
from assistant.domain.preference import Preference
from assistant.domain.record import Erasure, NameHit, Period, Saved
from integrations.storage import customer_rights, customer_rows
from integrations.storage.customer_scope import (
    in_territory,
    interaction_columns,
    of_customers,
    of_fact,
    visit_columns,
)
from integrations.storage.customer_writes import index_customers, index_documents, save_rows
from integrations.storage.database import Database
from integrations.storage.tables import customers as tables

_MAX_KEY_ROWS = 5000
_FACTS: dict[type, Table] = {Insight: tables.insights, FollowUp: tables.follow_ups, Preference: tables.preferences}
T = TypeVar("T")


class SqlCustomerRepository:
    """`assistant.ports.CustomerRepository` on SQLite and PostgreSQL alike."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save_customers(self, tenant: str, customers: Sequence[Customer], learned_at: datetime) -> Saved:
        """Create or update customers, with where they stand and how they are found."""
        rows = [customer_rows.customer_row(tenant, customer) for customer in customers]
        with self._database.write() as connection:
            written = save_rows(connection, tables.customers, rows, learned_at)
            index_customers(connection, tenant, customers, written)
        return written.saved

    def save_interactions(self, tenant: str, sealed: Sequence[SealedInteraction], learned_at: datetime) -> Saved:
        """Create or correct interactions."""
        rows = [customer_rows.interaction_row(tenant, one) for one in sealed]
        with self._database.write() as connection:
            written = save_rows(connection, tables.interactions, rows, learned_at)
            index_documents(connection, tenant, sealed, written)
        return written.saved

    def save_visits(self, tenant: str, visits: Sequence[Visit], learned_at: datetime) -> Saved:
        """Create or change planned visits."""
        rows = [customer_rows.visit_row(tenant, visit) for visit in visits]
        with self._database.write() as connection:
            return save_rows(connection, tables.visits, rows, learned_at).saved

    def save_facts(self, tenant: str, facts: Sequence[Insight | FollowUp | Preference]) -> Saved:
        """Create or correct typed facts, all or nothing."""
        saved = Saved()
        with self._database.write() as connection:
            for fact in facts:
                row = customer_rows.fact_row(tenant, fact)
                saved += save_rows(connection, _FACTS[type(fact)], [row], fact.provenance.learned_at).saved
        return saved

    def known(self, tenant: str, ids: Collection[str]) -> set[str]:
        """Which of these customer ids exist."""
        held = tables.customers.c
        with self._database.read() as connection:
            return set(connection.execute(select(held.id).where(held.tenant_id == tenant, held.id.in_(ids))).scalars())

    def erased(self, tenant: str, ids: Collection[str]) -> set[str]:
        """Which of these customer ids were erased."""
        with self._database.read() as connection:
            return customer_rights.erased(connection, tenant, ids)

    def find(self, scope: RecordScope, keys: Collection[str], *, limit: int) -> list[NameHit]:
        """Customers in scope stored under any of these keys, those with most keys first."""
        held = tables.customer_keys.c
        query = select(held.customer_id, held.name_key).where(held.tenant_id == scope.tenant, held.name_key.in_(keys))
        if not scope.everywhere:
            query = query.where(held.territory.in_(scope.territories))
        found: defaultdict[str, set[str]] = defaultdict(set)
        with self._database.read() as connection:
            for customer_id, key in connection.execute(query.limit(_MAX_KEY_ROWS)):
                found[customer_id].add(key)
            best = sorted(found, key=lambda one: (-len(found[one]), one))[:limit]
            customers = {customer.id: customer for customer in _customers(connection, scope, best)}
        return [NameHit(customers[one], frozenset(found[one])) for one in best if one in customers]

    def get(self, scope: RecordScope, ids: Collection[str]) -> list[Customer]:
        """The customers of these ids that are in scope, by id."""
        with self._database.read() as connection:
            return _customers(connection, scope, ids)

    def page(self, scope: RecordScope, *, after: str, limit: int) -> list[Customer]:
        """Customers in scope in order of id, from the first id greater than `after`."""
        held = tables.customers.c
        query = _in_scope(scope).where(held.id > after).order_by(held.id).limit(limit)
        with self._database.read() as connection:
            return _with_affiliations(connection, scope, connection.execute(query).mappings().all())

    def members(self, scope: RecordScope, organisation_id: str, *, limit: int) -> list[Customer]:
        """Customers in scope that belong to an organisation."""
        held = tables.customer_affiliations.c
        belong = select(held.customer_id).where(held.tenant_id == scope.tenant, held.organisation_id == organisation_id)
        query = _in_scope(scope).where(tables.customers.c.id.in_(belong)).order_by(tables.customers.c.id).limit(limit)
        with self._database.read() as connection:
            return _with_affiliations(connection, scope, connection.execute(query).mappings().all())

    def interactions(
        self, scope: RecordScope, customer_ids: Collection[str], *, period: Period, limit: int
    ) -> list[Interaction]:
        """Contacts with these customers, newest first."""
        held = tables.interactions
        query = interaction_columns(scope).where(of_customers(scope, held, customer_ids))
        query = _within(query, held.c.at, period).order_by(held.c.at.desc(), held.c.id).limit(limit)
        return self._rows(query, customer_rows.interaction_from)

    def last_by_reader(self, scope: RecordScope, customer_id: str, *, before: datetime) -> Interaction | None:
        """The reader's own last contact with a customer."""
        held = tables.interactions
        query = (
            interaction_columns(scope)
            .where(of_customers(scope, held, [customer_id]), held.c.author.in_(scope.names), held.c.at < before)
            .order_by(held.c.at.desc())
            .limit(1)
        )
        return next(iter(self._rows(query, customer_rows.interaction_from)), None)

    def visits(self, scope: RecordScope, customer_ids: Collection[str], *, period: Period) -> list[Visit]:
        """Planned contacts in a period, soonest first."""
        held = tables.visits
        query = visit_columns(scope).where(of_customers(scope, held, customer_ids))
        return self._rows(_within(query, held.c.starts_at, period).order_by(held.c.starts_at), customer_rows.visit_from)

    def insights(self, scope: RecordScope, customer_ids: Collection[str]) -> list[Insight]:
        """Confirmed insights the scope may read, newest first."""
        standing = (InsightStatus.CONFIRMED.value, InsightStatus.WRITTEN.value)
        query = _facts(scope, tables.insights, customer_ids).where(tables.insights.c.status.in_(standing))
        return self._rows(query, customer_rows.insight_from)

    def follow_ups(self, scope: RecordScope, customer_ids: Collection[str]) -> list[FollowUp]:
        """Promises the scope may read, newest first."""
        return self._rows(_facts(scope, tables.follow_ups, customer_ids), customer_rows.follow_up_from)

    def preferences(self, scope: RecordScope, customer_ids: Collection[str]) -> list[Preference]:
        """Preferences and opt-outs the scope may read, newest first."""
        return self._rows(_facts(scope, tables.preferences, customer_ids), customer_rows.preference_from)

    def export(self, tenant: str, customer_id: str) -> Mapping[str, object] | None:
        """Everything held about one customer, every version."""
        with self._database.read() as connection:
            return customer_rights.export(connection, tenant, customer_id)

    def erase(self, tenant: str, customer_id: str, *, by: str, at: datetime) -> Erasure | None:
        """Remove everything held about one customer, all or nothing."""
        with self._database.write() as connection:
            return customer_rights.erase(connection, tenant, customer_id, by=by, at=at)

    def _rows(self, query: Select[Any], build: Callable[[RowMapping], T]) -> list[T]:
        with self._database.read() as connection:
            return [build(row) for row in connection.execute(query).mappings()]


def _in_scope(scope: RecordScope) -> Select[Any]:
    held = tables.customers.c
    return select(tables.customers).where(held.tenant_id == scope.tenant, in_territory(scope, held.id))


def _customers(connection: Connection, scope: RecordScope, ids: Collection[str]) -> list[Customer]:
    if not ids:
        return []
    query = _in_scope(scope).where(tables.customers.c.id.in_(ids)).order_by(tables.customers.c.id)
    return _with_affiliations(connection, scope, connection.execute(query).mappings().all())


def _with_affiliations(connection: Connection, scope: RecordScope, rows: Iterable[RowMapping]) -> list[Customer]:
    """Customers with those affiliations the scope covers, so that no id outside it is ever handed out."""
    held = list(rows)
    places = {place for row in held for place in row["affiliations"]}
    visible: set[str] = set()
    if places:
        ids = tables.customers.c.id
        inside = select(ids).where(
            tables.customers.c.tenant_id == scope.tenant, ids.in_(places), in_territory(scope, ids)
        )
        visible = set(connection.execute(inside).scalars())
    return [customer_rows.customer_from(row, visible) for row in held]


def _facts(scope: RecordScope, table: Table, ids: Collection[str]) -> Select[Any]:
    return select(table).where(of_fact(scope, table, ids)).order_by(table.c.true_at.desc(), table.c.id)


def _within(query: Select[Any], moment: Any, period: Period) -> Select[Any]:
    if period.since is not None:
        query = query.where(moment >= period.since)
    return query if period.until is None else query.where(moment < period.until)
