"""The part of a query that keeps a reader within their scope: tenant, territories, products and the firewall."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, literal, null, or_, select, true
from sqlalchemy.sql.elements import KeyedColumnElement

from assistant.domain.customer import RecordScope
from assistant.domain.provenance import Visibility
from integrations.storage.tables.customers import customer_territories, interactions, visits
from knowledge.models import ALL_PRODUCTS

KEY_SEPARATOR = "\n"


def product_keys(products: Collection[str]) -> str:
    """How an interaction's products are stored for matching: each between separators, "" for none."""
    return KEY_SEPARATOR + "".join(name.casefold() + KEY_SEPARATOR for name in products) if products else ""


def of_customers(scope: RecordScope, table: FromClause, ids: Collection[str]) -> ColumnElement[bool]:
    """Rows of a table about these customers, of the scope's tenant and territories."""
    column = table.c.customer_id
    return and_(table.c.tenant_id == scope.tenant, column.in_(ids), in_territory(scope, column))


def in_territory(scope: RecordScope, customer_id: KeyedColumnElement[str]) -> ColumnElement[bool]:
    """Whether a customer stands in one of the scope's territories."""
    if scope.everywhere:
        return true()
    held = customer_territories.c
    return exists(
        select(literal(1)).where(
            held.tenant_id == scope.tenant, held.customer_id == customer_id, held.territory.in_(scope.territories)
        )
    )


def readable(scope: RecordScope, visibility: KeyedColumnElement[str]) -> ColumnElement[bool]:
    """Whether a row stands on the reader's side of the firewall."""
    return true() if scope.medical else visibility == Visibility.COMMERCIAL.value


def of_products(scope: RecordScope) -> ColumnElement[bool]:
    """Whether an interaction names no product, or one that is the reader's."""
    column = interactions.c.product_keys
    if ALL_PRODUCTS in scope.products:
        return true()
    wanted = [f"{KEY_SEPARATOR}{name.casefold()}{KEY_SEPARATOR}" for name in sorted(scope.products)]
    return or_(column == "", *(column.contains(name, autoescape=True) for name in wanted))


def interaction_columns(scope: RecordScope) -> Select[Any]:
    """Interactions as the scope may read them; what is withheld never leaves the database."""
    held = interactions.c
    shown = and_(readable(scope, held.visibility), of_products(scope))
    text = func.coalesce(held.restricted_text, held.open_text) if scope.medical else held.open_text
    return select(
        held.id,
        held.customer_id,
        held.at,
        held.channel,
        held.author_role,
        held.visibility,
        held.medical_request,
        held.learned_at,
        held.version,
        case((shown, literal(1)), else_=literal(0)).label("shown"),
        case((shown, held.author), else_=literal("")).label("author"),
        case((shown, text), else_=literal("")).label("summary"),
        case((shown, held.products), else_=null()).label("products"),
        case((shown, held.documents), else_=null()).label("documents"),
    )


def visit_columns(scope: RecordScope) -> Select[Any]:
    """Visits as the scope may read them."""
    held = visits.c
    shown = readable(scope, held.visibility)
    return select(
        held.id,
        held.customer_id,
        held.starts_at,
        held.visibility,
        held.version,
        case((shown, literal(1)), else_=literal(0)).label("shown"),
        case((shown, held.rep), else_=literal("")).label("rep"),
        case((shown, held.purpose), else_=literal("")).label("purpose"),
    )


def of_fact(scope: RecordScope, table: FromClause, ids: Collection[str]) -> ColumnElement[bool]:
    """Typed facts about these customers that the scope may read."""
    within = and_(of_customers(scope, table, ids), readable(scope, table.c.visibility))
    if "product" not in table.c or ALL_PRODUCTS in scope.products:
        return within
    return and_(within, or_(table.c.product.is_(None), table.c.product.in_(scope.products)))
