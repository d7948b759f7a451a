"""A desk to test routing at: the real store on SQLite or PostgreSQL, a clock tests set, work done when they say so."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from assistant.domain.customer import Customer
from assistant.domain.hand_over import Packet
from assistant.domain.person import Person, Principal, Role
from assistant.domain.referral import Detail, Referral, ReferralType, Sender
from assistant.errors import PermanentFault, TransientFault
from assistant.policies.channels import ContentUse
from assistant.policies.routing import Routing, load_routing
from assistant.referral_ports import HandOver
from assistant.route.cases import CaseService
from assistant.route.complete import CompletionService
from assistant.route.erase import ErasureService
from assistant.route.follow import FollowUpService
from assistant.route.hand_over import ClosingService, HandOverService
from assistant.route.heard import Heard, HeardMatter
from assistant.route.inbound import InboundService
from assistant.route.jobs import Job, route_jobs
from assistant.route.open import ReferralService
from assistant.route.parts import RouteParts
from assistant.route.reconcile import ReconcileService
from integrations.clock import RandomIds
from integrations.storage.database import Database
from integrations.storage.referral_store import SqlReferralStore
from integrations.storage.vault import Keyring
from tests.fakes import FakeClock, person

EVENT = ReferralType.ADVERSE_EVENT
COMPLAINT = ReferralType.PRODUCT_COMPLAINT
QUESTION = ReferralType.MEDICAL_INFORMATION_REQUEST
ACCESS = ReferralType.MARKET_ACCESS

MESSAGE = "Dr. Lind said Mr. Amos Brill (72) fainted on Velmora. He also asked about kids, and the PA is a nightmare."
REDACTED = "Dr. Lind said [NAME] (72) fainted on Velmora. He also asked about kids, and the PA is a nightmare."


def redact(text: str) -> str:
    """Stands in for the screen: takes out the one patient these tests know."""
    return text.replace("Mr. Amos Brill", "[NAME]").replace("A.B.", "[INITIALS]")


def heard(*types: ReferralType) -> Heard:
    """What the screen would hear in MESSAGE, of the given types (default: all three)."""
    matters = {
        EVENT: HeardMatter(EVENT, "fainted on Velmora", "a patient fainted", hints={Detail.PRODUCT: "Velmora"}),
        COMPLAINT: HeardMatter(COMPLAINT, "the pen leaked", "a defect is described"),
        QUESTION: HeardMatter(QUESTION, "asked about kids", "a customer asks outside the label"),
        ACCESS: HeardMatter(ACCESS, "the PA is a nightmare", "prior authorisation is a problem"),
    }
    return Heard(REDACTED, tuple(matters[type_] for type_ in types or (EVENT, QUESTION, ACCESS)))


class FakeWork:
    """`DurableWork` in memory: kept once a key, done when a test says so and the clock has come to it."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.kept: dict[str, tuple[str, str, datetime | None]] = {}
        self.done: set[str] = set()
        self.jobs: dict[str, Job] = {}

    def start(self, job: str, row_id: str, key: str, *, not_before: datetime | None = None) -> None:
        self.kept.setdefault(key, (job, row_id, not_before))

    def due(self) -> list[str]:
        return [
            key
            for key, (_, _, at) in self.kept.items()
            if key not in self.done and (at is None or at <= self.clock.now())
        ]

    def run(self) -> None:
        """Do everything that is due, and what that asks for."""
        while due := self.due():
            for key in due:
                job, row_id, _ = self.kept[key]
                for _, step in self.jobs[job].steps:
                    if not step(row_id):
                        break
                self.done.add(key)

    def run_until(self, at: datetime) -> None:
        """Let time pass, doing what becomes due in between at its own moment."""
        self.run()
        while True:
            waiting = [when for key, (_, _, when) in self.kept.items() if key not in self.done and when is not None]
            coming = [when for when in waiting if when <= at]
            if not coming:
                break
            self.clock.at = max(self.clock.at, min(coming))
            self.run()
        self.clock.at = at


class FakePeople:
    """The roster in a list."""

    def __init__(self, *people: Person) -> None:
        self.people = list(people)

    def save(self, people: list[Person]) -> None:
        self.people += people

    def by_email(self, key: str) -> Person | None:
        return next((one for one in self.people if one.email == key), None)

    def by_slack_user(self, slack_user_id: str) -> Person | None:
        return next((one for one in self.people if one.slack_user_id == slack_user_id), None)

    def everyone(self, tenant: str) -> list[Person]:
        return [one for one in self.people if one.tenant == tenant]


@dataclass
class FakeHandOver:
    """A target that answers as told: a list of faults to raise first, then receipts."""

    faults: list[Exception] = field(default_factory=list)
    packets: list[Packet] = field(default_factory=list)

    def deliver(self, packet: Packet) -> str:
        if self.faults:
            raise self.faults.pop(0)
        self.packets.append(packet)
        return f"R-{len(self.packets)}"


def down(times: int) -> list[Exception]:
    """A target that does not answer for a while."""
    return [TransientFault("no answer") for _ in range(times)]


def refusing() -> list[Exception]:
    """A target that will not have it."""
    return [PermanentFault("no such mailbox")]


REP = person("rep", manager="boss", timezone="America/Chicago")
OTHER_REP = person("rep2", manager="boss2")
BOSS = person("boss", role=Role.FIELD_MANAGER)
SAFETY = person("safety", role=Role.SAFETY, manager="safety-head")
SAFETY_HEAD = person("safety-head", role=Role.SAFETY)
QUALITY = person("quality", role=Role.QUALITY)
MEDINFO = person("medinfo", role=Role.MEDICAL_INFORMATION)
PAYER = person("payer", role=Role.MARKET_ACCESS)
PRIVACY = person("privacy", role=Role.PRIVACY)
KAM = person("kam", role=Role.KAM)
EVERYONE = (REP, OTHER_REP, BOSS, SAFETY, SAFETY_HEAD, QUALITY, MEDINFO, PAYER, PRIVACY, KAM)


class Desk:
    """All of routing over one database."""

    def __init__(self, database: Database, clock: FakeClock, routing: Routing | None = None) -> None:
        self.clock = clock
        self.database = database
        self.work = FakeWork(clock)
        self.ways: dict[str, HandOver] = {}
        self.customers: dict[str, Customer] = {}
        self.uses: dict[str, ContentUse] = {}
        self.people = FakePeople(*EVERYONE)
        store = SqlReferralStore(database, Keyring("k1", {"k1": secrets.token_bytes(32)}), clock, RandomIds())
        self.parts = RouteParts(store, routing or load_routing(), self.people, self.work, clock, RandomIds())
        self.referrals = ReferralService(self.parts)
        self.cases = CaseService(self.parts)
        self.completion = CompletionService(self.parts, redact)
        self.erasure = ErasureService(self.parts)
        self.reconcile = ReconcileService(self.parts)
        self.hearing: Mapping[str, Heard] = {MESSAGE: heard()}
        self.inbound = InboundService(self.parts, self.screen, self.referrals)
        hand_over = HandOverService(self.parts, self.ways, self._customer, self._uses)
        jobs = route_jobs(
            hand_over, FollowUpService(self.parts), ClosingService(self.parts), self.reconcile, self.inbound
        )
        self.work.jobs = {job.name: job for job in jobs}

    def screen(self, text: str, _: Sender) -> Heard:
        return self.hearing.get(text, Heard(text))

    def open(self, *types: ReferralType, message_id: str = "m1", who: Person = REP) -> list[Referral]:
        """Referrals of the given types from one message."""
        return self.referrals.receive(Principal(who), message_id, MESSAGE, heard(*types))

    def get(self, referral: Referral) -> Referral:
        """As it is now."""
        with self.parts.store.read() as unit:
            found = unit.referrals.get(referral.tenant, referral.id)
        assert found is not None
        return found

    def told(self, who: Person) -> list[str]:
        """The kinds of notices a person got, oldest first."""
        return [notice.kind.value for notice in reversed(self.cases.notices(Principal(who)))]

    def later(self, **time: float) -> datetime:
        """Let time pass, with the work of it."""
        self.work.run_until(self.clock.at + timedelta(**time))
        return self.clock.at

    def _customer(self, tenant: str, customer_id: str) -> Customer | None:
        return self.customers.get(customer_id)

    def _uses(self, tenant: str, market: str, documents: tuple[str, ...]) -> list[ContentUse]:
        return [self.uses[document] for document in documents]


def copy_database(template: Path, to: Path) -> Database:
    """A database made by copying a migrated one: quicker than migrating again."""
    to.write_bytes(template.read_bytes())
    return Database(f"sqlite:///{to}")
