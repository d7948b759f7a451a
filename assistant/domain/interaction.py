"""Interactions and visits: every contact with a customer, over all functions, past and planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.provenance import Visibility


@dataclass(frozen=True, slots=True)
class Interaction:
    """One contact that took place. `summary` is the text its author left, as far as the reader may read it.

    `shown` is False when the text, author, products and documents are withheld: what remains is that someone of
    `author_role` was in contact, when, and through which channel. `medical_request` says that part of what was said is
    a medical request: medical roles read it, the others only that there is one.
    """

    id: str
    customer_id: str
    at: datetime
    channel: str
    author: str
    author_role: str
    products: tuple[str, ...] = ()
    summary: str = ""
    documents: tuple[str, ...] = ()
    visibility: Visibility = Visibility.COMMERCIAL
    medical_request: bool = False
    learned_at: datetime | None = None
    version: int = 1
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """One planned contact. `purpose` is withheld, and `shown` False, where the reader may not read it."""

    id: str
    customer_id: str
    starts_at: datetime
    rep: str
    purpose: str = ""
    visibility: Visibility = Visibility.COMMERCIAL
    version: int = 1
    shown: bool = True


@dataclass(frozen=True, slots=True)
class SealedInteraction:
    """An interaction on its way into the record: its whole text, and the part of it that commercial roles may read."""

    interaction: Interaction
    open_summary: str
