"""A brief, and a question of the record, among 100,000 customers and 3 million interactions on SQLite."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle

from sqlalchemy import text

from assistant.ask.record import RecordAnswerer
from assistant.brief.service import BriefService
from assistant.domain.customer import Customer, CustomerKind
from assistant.domain.person import Person, Principal, Role
from integrations.clock import FixedClock
from integrations.storage.content import SqlDocumentRepository
from integrations.storage.customers import SqlCustomerRepository
from integrations.storage.database import Database
from integrations.storage.migrate import migrate
from tests.bench.corpus import documents
from tests.bench.figures import Figure, milliseconds, quantile

CUSTOMERS = int(os.environ.get("REP_BENCH_CUSTOMERS", "100000"))
EACH, TERRITORIES, ROUNDS = 30, 200, 120
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FIRST = ("Ada", "Ben", "Carla", "Dimitri", "Elena", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Keiko", "Liam", "Mara")
ONSETS = ("b", "br", "d", "f", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w")
RHYMES = (
    "ab",
    "ader",
    "ahl",
    "aner",
    "ebo",
    "elin",
    "eros",
    "ick",
    "iden",
    "imer",
    "olt",
    "orin",
    "osk",
    "uber",
    "ulan",
)
SAID = (
    "Prior auth takes three weeks and she is frustrated. Promised her the appeal form by Friday.",
    "Prefers short visits before 8. Left the dosing card, asked about renal dosing.",
    "He thinks the response is good, worried about nausea in older patients.",
    "Quick hallway chat, no time. Will bring the study on older patients next week.",
    "P&T meets next month; formulary still tier 3. Staff asked for training on the pen.",
)
INDEXES = ("ix_interactions_tenant_id_customer_id_at", "ix_interactions_tenant_id_author_at")


def surname(number: int) -> str:
    """One of about 4,500 made-up surnames."""
    onset, rhyme = ONSETS[number % len(ONSETS)], RHYMES[number // len(ONSETS) % len(RHYMES)]
    return (onset + rhyme + RHYMES[number // 300 % len(RHYMES)]).capitalize()


def customers() -> list[Customer]:
    """Every twentieth an institution, the others belong to the one before them; even over the territories."""
    made = []
    for number in range(CUSTOMERS):
        place = number - number % 20
        institution = number == place
        name = f"{surname(number)} Clinic" if institution else f"Dr. {FIRST[number % len(FIRST)]} {surname(number * 7)}"
        made.append(
            Customer(
                id=f"c{number:06}",
                kind=CustomerKind.HCO if institution else CustomerKind.HCP,
                name=name,
                territories=frozenset({f"T-{place // 20 % TERRITORIES}"}),
                affiliations=() if institution else (f"c{place:06}",),
                attributes={"town": f"Town {place % 500}"},
            )
        )
    return made


def fill(database: Database, made: list[Customer]) -> None:
    """Customers the ordinary way; interactions straight into the table, its indexes made afterwards."""
    repository = SqlCustomerRepository(database)
    for start in range(0, len(made), 5_000):
        repository.save_customers("default", made[start : start + 5_000], NOW)
    ddl = {}
    with database.write() as connection:
        for name in INDEXES:
            found = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name})
            ddl[name] = found.scalar_one()
            connection.execute(text(f"DROP INDEX {name}"))
        insert = (
            "INSERT INTO interactions (tenant_id, id, customer_id, at, channel, author, author_role, products, "
            "product_keys, documents, open_text, restricted_text, medical_request, visibility, learned_at, version, "
            "digest) VALUES ('default', ?, ?, ?, ?, ?, ?, '[\"Product 0\"]', char(10) || 'product 0' || "
            "char(10), '[]', ?, NULL, 0, ?, ?, 1, '')"
        )
        for start in range(0, len(made), 1_000):
            connection.exec_driver_sql(insert, list(_rows(made[start : start + 1_000])))
        for statement in ddl.values():
            connection.execute(text(statement))
        connection.execute(text("ANALYZE"))


def _rows(made: list[Customer]) -> Iterator[tuple[object, ...]]:
    chance = random.Random(made[0].id)
    for customer in made:
        territory = next(iter(customer.territories))
        for number in range(EACH):
            at = (NOW - timedelta(hours=chance.randrange(1, 540 * 24))).strftime("%Y-%m-%d %H:%M:%S.000000")
            medical = number % 10 == 9
            author, role = (f"msl {territory}", "msl") if medical else (f"rep {territory}", "rep")
            side = "medical" if medical else "commercial"
            said = "" if medical else SAID[chance.randrange(len(SAID))]
            yield f"{customer.id}-{number}", customer.id, at, "visit", author, role, said, side, at


def asker(territory: str, role: Role = Role.REP) -> Principal:
    """The rep of a territory, or a manager of all."""
    return Principal(
        Person("p", f"rep {territory}", "p@example.com", role, "US", frozenset({"Product 0"}), frozenset({territory}))
    )


def measure() -> Iterator[Figure]:
    """Times of whole use cases, beside one bare indexed select of the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/record.db")
        migrate(database)
        made = customers()
        fill(database, made)
        chosen = cycle(random.Random(3).sample([one for one in made if one.kind is CustomerKind.HCP], 60))
        yield from _figures(database, chosen)
        database.close()


def _figures(database: Database, chosen: Iterator[Customer]) -> Iterator[Figure]:
    clock = FixedClock(NOW)
    record, register = SqlCustomerRepository(database), SqlDocumentRepository(database, clock)
    for document in documents(40):
        register.save(document, [], [])
    brief, answers = BriefService(record, register, clock), RecordAnswerer(record, clock)

    def rep_brief() -> None:
        one = next(chosen)
        brief.brief(asker(next(iter(one.territories))), one.id)

    def named_brief() -> None:
        one = next(chosen)
        brief.brief(asker(next(iter(one.territories))), one.name)

    def manager_brief() -> None:
        brief.brief(asker("*", Role.FIELD_MANAGER), next(chosen).name.replace("a", "e", 1))

    def question() -> None:
        one = next(chosen)
        answers.answer(asker(next(iter(one.territories))), f"What did {one.name} say about prior auth?", [])

    def bare() -> None:
        with database.read() as connection:
            wanted = {"customer": next(chosen).id}
            query = (
                "SELECT * FROM interactions WHERE tenant_id = 'default' AND customer_id = :customer ORDER BY at DESC"
            )
            connection.execute(text(query), wanted).all()

    limit = quantile(milliseconds(bare, ROUNDS), 0.5)
    yield Figure(f"{CUSTOMERS:,} customers: bare indexed select, p50", limit, "ms")
    works = {
        "brief by id": rep_brief,
        "brief by name": named_brief,
        "brief by misspelt name, all territories": manager_brief,
    }
    for name, work in {**works, "question of the record": question}.items():
        milliseconds(work, 10)
        times = milliseconds(work, ROUNDS)
        yield Figure(f"{name}, p95", quantile(times, 0.95), "ms", "50")
        yield Figure(f"{name}, p50, as a multiple of the bare select", quantile(times, 0.5) / limit, "x")
