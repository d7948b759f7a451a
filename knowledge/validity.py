"""Whether a document version may be seen: the one place where that is decided.

The register's choice of what to search and the check of every hit before it is used call the same functions, so they
cannot disagree. Nothing is scheduled: what a date makes invalid is invalid by the clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from knowledge.markets import day_in
from knowledge.models import ContentStatus, Document, Scope

# Statuses that say a version was once approved. A withdrawn version still stands in the way of the ones it replaced:
# taking back version 3 must not bring back version 2, which was out of date already.
_RELEASED = frozenset({ContentStatus.APPROVED, ContentStatus.WITHDRAWN})


def is_valid(document: Document, all_versions: Iterable[Document], scope: Scope) -> bool:
    """Whether `document` may be seen in `scope`, right at `scope.on`.

    `all_versions` holds every version of its id, and of any document that declares to supersede it; more is harmless.
    Deny by default: an unknown market, a document without products or one that also covers a product outside the
    assignment is not seen.
    """
    approval = document.approval
    return (
        document.tenant == scope.tenant
        and scope.market in approval.markets
        and not approval.audiences.isdisjoint(scope.audiences)
        and bool(approval.products)
        and all(scope.covers_product(product) for product in approval.products)
        and (scope.within is None or document.key in scope.within)
        and standing(document, all_versions, scope.market, scope.on) is ContentStatus.APPROVED
        and in_effect(document, scope.market, scope.on)
    )


def keys_in_scope(documents: Sequence[Document], scope: Scope) -> list[str]:
    """Keys of the valid ones among `documents`, which must hold every version of every document of the tenant."""
    related: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        related[document.id].append(document)
        if document.approval.supersedes:
            related[document.approval.supersedes].append(document)
    return [document.key for document in documents if is_valid(document, related[document.id], scope)]


def standing(document: Document, all_versions: Iterable[Document], market: str, on: datetime) -> ContentStatus:
    """Where a version stands in a market at a moment. An approved one may still lie in the future: see `in_effect`."""
    declared = document.approval.status
    today = day_in(market, on)
    if declared is not ContentStatus.APPROVED or today is None:
        return declared
    if any(_replaces(other, document, market, today) for other in all_versions):
        return ContentStatus.SUPERSEDED
    if today > document.approval.expires_on:
        return ContentStatus.EXPIRED
    return ContentStatus.APPROVED


def in_effect(document: Document, market: str, on: datetime) -> bool:
    """Whether a market's day has reached the version's first day."""
    today = day_in(market, on)
    return today is not None and document.approval.effective_from <= today


def is_newer(one: Document, other: Document) -> bool:
    """Whether `one` is a newer version than `other`: the higher integer, else the later day, else the higher name."""
    if one.version.isdecimal() and other.version.isdecimal():
        return int(one.version) > int(other.version)
    ours, theirs = one.approval.effective_from, other.approval.effective_from
    return ours > theirs if ours != theirs else one.version > other.version


def _replaces(other: Document, document: Document, market: str, today: date) -> bool:
    """Whether `other` has taken the place of `document` in a market: released there, in effect, and meant to."""
    approval = other.approval
    if (
        other.tenant != document.tenant
        or approval.status not in _RELEASED
        or market not in approval.markets
        or today < approval.effective_from
    ):
        return False
    if other.id == document.id:
        return is_newer(other, document)
    return approval.supersedes == document.id
