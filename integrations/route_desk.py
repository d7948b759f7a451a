"""Routing over one home: its rules, store, use cases and durable jobs, each built when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from assistant.domain.customer import ALL_TERRITORIES, Customer, RecordScope
from assistant.policies.channels import ContentUse
from assistant.policies.routing import Routing, load_routing
from assistant.ports import Clock, Ids, PeopleRepository
from assistant.referral_ports import DurableWork
from assistant.route.card import Redact
from assistant.route.cases import CaseService
from assistant.route.complete import CompletionService
from assistant.route.erase import ErasureService
from assistant.route.follow import FollowUpService
from assistant.route.hand_over import ClosingService, HandOverService
from assistant.route.inbound import InboundService, Screen
from assistant.route.jobs import Job, route_jobs
from assistant.route.open import ReferralService
from assistant.route.parts import RouteParts
from assistant.route.reconcile import ReconcileService
from integrations.handover.email import SmtpServer
from integrations.handover.ways import ways
from integrations.settings import Settings
from integrations.storage.customers import SqlCustomerRepository
from integrations.storage.database import Database
from integrations.storage.referral_store import SqlReferralStore
from integrations.storage.vault import Keyring, open_keyring
from knowledge.markets import day_in
from knowledge.models import ALL_PRODUCTS, ContentStatus
from knowledge.ports import DocumentRepository
from knowledge.validity import in_effect, standing

ROUTING_FILE = "routing.toml"


class RouteHome(Protocol):
    """What routing needs of a home; the composition root has it."""

    @property
    def settings(self) -> Settings:
        """The home's settings."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def ids(self) -> Ids:
        """New ids."""

    @property
    def database(self) -> Database:
        """Where referrals are kept."""

    @property
    def people(self) -> PeopleRepository:
        """Who may do what."""

    @property
    def documents(self) -> DocumentRepository:
        """What a content request may be answered with."""


class RouteDesk:
    """Everything of routing. `work` takes what is to be done durably; `screen` and `redact` come from the screen."""

    def __init__(self, home: RouteHome, work: DurableWork, screen: Screen, redact: Redact) -> None:
        self._home = home
        self._screen = screen
        self._redact = redact
        self.work = work

    @cached_property
    def routing(self) -> Routing:
        """The home's own routing.toml, else the shipped rules; checked whole. Raises RoutingFault."""
        return load_routing(self._home.settings.home / ROUTING_FILE)

    @cached_property
    def keyring(self) -> Keyring:
        """The vault's keys."""
        return open_keyring(self._home.settings.home)

    @cached_property
    def parts(self) -> RouteParts:
        """What every use case works with."""
        held = self._home
        store = SqlReferralStore(held.database, self.keyring, held.clock, held.ids)
        return RouteParts(store, self.routing, held.people, self.work, held.clock, held.ids)

    @cached_property
    def referrals(self) -> ReferralService:
        """Opening."""
        return ReferralService(self.parts)

    @cached_property
    def completion(self) -> CompletionService:
        """Completing and attesting."""
        return CompletionService(self.parts, self._redact)

    @cached_property
    def cases(self) -> CaseService:
        """Listing, showing, acknowledging, closing."""
        return CaseService(self.parts)

    @cached_property
    def erasure(self) -> ErasureService:
        """Erasing words."""
        return ErasureService(self.parts)

    @cached_property
    def reconcile(self) -> ReconcileService:
        """Counting and picking up."""
        return ReconcileService(self.parts)

    @cached_property
    def inbound(self) -> InboundService:
        """Messages kept first and worked on after."""
        return InboundService(self.parts, self._screen, self.referrals)

    @cached_property
    def hand_over(self) -> HandOverService:
        """Handing over, by the adapters that routing.toml names. Raises RoutingFault when one lacks a setting."""
        settings = self._home.settings
        secrets = {name: secret.get_secret_value() for name, secret in settings.secrets.items()}
        adapters = ways(self.routing, settings.home, self._smtp(), secrets, self._home.clock)
        return HandOverService(self.parts, adapters, self._customer, self._uses)

    @cached_property
    def jobs(self) -> Sequence[Job]:
        """The durable jobs."""
        return route_jobs(
            self.hand_over, FollowUpService(self.parts), ClosingService(self.parts), self.reconcile, self.inbound
        )

    def _smtp(self) -> SmtpServer | None:
        held = self._home.settings.smtp
        if held.host is None:
            return None
        password = None if held.password is None else held.password.get_secret_value()
        return SmtpServer(held.host, held.port, held.sender, held.tls, held.user, password)

    def _customer(self, tenant: str, customer_id: str) -> Customer | None:
        """A customer for the sake of their consents: the company's own check, no person reads along."""
        everywhere = frozenset({ALL_TERRITORIES})
        scope = RecordScope(tenant, everywhere, frozenset({ALL_PRODUCTS}), medical=False)
        found = SqlCustomerRepository(self._home.database).get(scope, [customer_id])
        return found[0] if found else None

    def _uses(self, tenant: str, market: str, document_ids: tuple[str, ...]) -> list[ContentUse]:
        now = self._home.clock.now()
        held = self._home.documents.documents(tenant) if document_ids else []
        uses: list[ContentUse] = []
        for document_id in document_ids:
            valid = [
                one
                for one in held
                if one.id == document_id
                and market in one.approval.markets
                and day_in(market, now) is not None
                and standing(one, held, market, now) is ContentStatus.APPROVED
                and in_effect(one, market, now)
            ]
            allowed = frozenset(use for one in valid for use in one.approval.uses)
            uses.append(ContentUse(document_id, allowed))
        return uses
