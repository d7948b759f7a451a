"""The audit chain on both databases: linear under load, tamper-evident, erasable, and refusing change by itself."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from assistant.audit import ChainReport, verify
from assistant.domain.audit_event import AuditEntry, ChainHead, ContentSeen
from integrations.clock import RandomIds
from integrations.storage.audit import AuditLedger, SqlAuditLog
from integrations.storage.database import Database
from tests.fakes import NOON

TRIGGERS = {
    "sqlite": [
        "DROP TRIGGER audit_events_no_update",
        "DROP TRIGGER audit_events_no_delete",
        "DROP TRIGGER audit_texts_no_delete",
        "DROP TRIGGER audit_texts_erase_only",
    ],
    "postgresql": ["ALTER TABLE audit_events DISABLE TRIGGER USER", "ALTER TABLE audit_texts DISABLE TRIGGER USER"],
}


def entry(number: int, tenant: str = "default") -> AuditEntry:
    return AuditEntry(
        tenant=tenant,
        at=NOON + timedelta(seconds=number, microseconds=number),
        actor="p1",
        action="answer.shown",
        subject=f"thread:{number % 3}",
        actor_role="rep",
        reason="asked",
        content=(ContentSeen("label", "12"),),
        facts={"n": number, "late": False, "model": None},
        texts={"question": f"what is the dose {number}", "answer": "10 mg \x00 \ud800"},
    )


def write(database: Database, count: int, tenant: str = "default") -> None:
    ledger = AuditLedger(database, RandomIds())
    for number in range(1, count + 1):
        ledger.append(entry(number, tenant))


def check(database: Database, expected: ChainHead | None = None, tenant: str = "default") -> ChainReport:
    with database.read() as connection:
        return verify(SqlAuditLog(connection, RandomIds()), tenant, expected)


@contextmanager
def intruder(database: Database) -> Iterator[Connection]:
    """Somebody with the database's own password, past the triggers."""
    with database.write() as connection:
        for statement in TRIGGERS[connection.dialect.name]:
            connection.execute(text(statement))
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        yield connection


def test_what_was_written_is_read_back_and_holds(database: Database) -> None:
    write(database, 7)
    write(database, 2, tenant="other")
    report = check(database)
    assert (report.events, report.head.sequence, report.findings) == (7, 7, ())
    assert check(database, tenant="other").events == 2
    assert check(database, tenant="nobody").whole
    with database.read() as connection:
        event, texts = next(SqlAuditLog(connection, RandomIds()).walk("default"))
    assert event.entry.facts == {"n": 1, "late": False, "model": None}
    assert event.entry.content == (ContentSeen("label", "12"),)
    assert texts["question"].text == "what is the dose 1"
    assert texts["answer"].text == "10 mg \\x00 \\ud800"


def test_the_database_itself_refuses_change(database: Database) -> None:
    write(database, 2)
    for statement in (
        "UPDATE audit_events SET reason = 'x'",
        "DELETE FROM audit_events",
        "DELETE FROM audit_texts",
        "UPDATE audit_texts SET text = 'x'",
    ):
        with pytest.raises(DBAPIError, match="only be added"), database.write() as connection:
            connection.execute(text(statement))
    if database.engine.dialect.name == "postgresql":
        for table in ("audit_events", "audit_texts"):
            with pytest.raises(DBAPIError, match="only be added"), database.write() as connection:
                connection.execute(text(f"TRUNCATE {table} CASCADE"))
    assert check(database).whole


@pytest.mark.parametrize(
    ("statement", "kind", "sequence"),
    [
        ("UPDATE audit_events SET reason = 'kindly' WHERE sequence = 4", "changed", 4),
        ("UPDATE audit_events SET actor = 'p2' WHERE sequence = 1", "changed", 1),
        ("UPDATE audit_events SET facts = '{\"n\": 9}' WHERE sequence = 6", "changed", 6),
        ("UPDATE audit_events SET hash = previous WHERE sequence = 3", "changed", 3),
        (
            "DELETE FROM audit_texts WHERE event_id IN (SELECT id FROM audit_events WHERE sequence = 5)",
            "text_removed",
            5,
        ),
        (
            "UPDATE audit_texts SET text = 'no' WHERE name = 'answer' AND event_id IN "
            "(SELECT id FROM audit_events WHERE sequence = 2)",
            "text_changed",
            2,
        ),
        (
            "INSERT INTO audit_texts (event_id, name, tenant_id, text, salt, erased_by, erased_why) "
            "SELECT id, 'extra', tenant_id, 'x', '00', '', '' FROM audit_events WHERE sequence = 3",
            "text_added",
            3,
        ),
    ],
)
def test_a_change_is_found_and_named(database: Database, statement: str, kind: str, sequence: int) -> None:
    write(database, 7)
    with intruder(database) as connection:
        connection.execute(text(statement))
    found = {(finding.kind, finding.sequence) for finding in check(database).findings}
    assert (kind, sequence) in found


@pytest.mark.parametrize("sequence", [1, 4, 7])
def test_a_removed_event_is_found_and_named(database: Database, sequence: int) -> None:
    write(database, 7)
    with intruder(database) as connection:
        ids = f"(SELECT id FROM audit_events WHERE sequence = {sequence})"
        connection.execute(text(f"DELETE FROM audit_texts WHERE event_id IN {ids}"))
        connection.execute(text(f"DELETE FROM audit_events WHERE sequence = {sequence}"))
    found = {(finding.kind, finding.sequence) for finding in check(database).findings}
    assert ("removed", sequence) in found


def test_a_removed_event_is_found_though_the_rest_was_renumbered(database: Database) -> None:
    write(database, 7)
    with intruder(database) as connection:
        ids = "(SELECT id FROM audit_events WHERE sequence = 3)"
        connection.execute(text(f"DELETE FROM audit_texts WHERE event_id IN {ids}"))
        connection.execute(text("DELETE FROM audit_events WHERE sequence = 3"))
        for number in (4, 5, 6, 7):
            connection.execute(text(f"UPDATE audit_events SET sequence = {number - 1} WHERE sequence = {number}"))
        connection.execute(text("UPDATE audit_heads SET sequence = 6"))
    assert {(finding.kind, finding.sequence) for finding in check(database).findings} == {("broken", 3)}


def test_events_in_another_order_are_found_and_named(database: Database) -> None:
    write(database, 7)
    with intruder(database) as connection:
        for old, new in ((3, 99), (5, 3), (99, 5)):
            connection.execute(text(f"UPDATE audit_events SET sequence = {new} WHERE sequence = {old}"))
    found = check(database).findings
    assert {finding.sequence for finding in found if finding.kind == "reordered"} == {3, 4, 5, 6}
    assert all(re.search(r"after event \d|first", finding.what) for finding in found if finding.kind == "reordered")


def test_a_chain_rewritten_whole_is_betrayed_by_a_head_noted_elsewhere(database: Database) -> None:
    write(database, 5)
    noted = check(database).head
    with intruder(database) as connection:
        for table in ("audit_texts", "audit_events", "audit_heads"):
            connection.execute(text(f"DELETE FROM {table}"))
    write(database, 5)
    assert check(database).whole
    assert {finding.kind for finding in check(database, noted).findings} == {"rewritten"}
    with intruder_again(database) as connection:
        for table in ("audit_texts", "audit_events", "audit_heads"):
            connection.execute(text(f"DELETE FROM {table}"))
    assert {finding.sequence for finding in check(database, noted).findings} == {1, 2, 3, 4, 5}


@contextmanager
def intruder_again(database: Database) -> Iterator[Connection]:
    """The triggers are gone already."""
    with database.write() as connection:
        yield connection


def test_erasing_texts_keeps_the_chain_and_says_who_and_why(database: Database) -> None:
    write(database, 6)
    with database.write() as connection:
        log = SqlAuditLog(connection, RandomIds())
        assert log.erase("default", "thread:1", NOON, "dpo", "asked for") == 4
        assert log.erase("default", "thread:1", NOON, "dpo", "asked for") == 0
        assert log.erase("other", "thread:2", NOON, "dpo", "asked for") == 0
    report = check(database)
    assert report.whole
    assert len(report.erased) == 4
    assert {(gone.erased_by, gone.erased_why, gone.text, gone.salt) for gone in report.erased} == {
        ("dpo", "asked for", None, None)
    }


def test_concurrent_appends_make_one_linear_chain(database: Database) -> None:
    ledger = AuditLedger(database, RandomIds())
    failures: list[BaseException] = []

    def append(base: int) -> None:
        try:
            for number in range(10):
                ledger.append(entry(base + number))
        except BaseException as failure:  # noqa: BLE001  shown by the assertion below
            failures.append(failure)

    threads = [threading.Thread(target=append, args=(100 * number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    report = check(database)
    assert (report.events, report.findings) == (60, ())


def test_an_append_that_is_rolled_back_leaves_no_gap(database: Database) -> None:
    write(database, 2)

    def fail_half_way() -> None:
        with database.write() as connection:
            SqlAuditLog(connection, RandomIds()).append(entry(3))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    write(database, 1)
    report = check(database)
    assert (report.events, report.findings) == (3, ())


def test_salts_keep_equal_texts_apart(database: Database) -> None:
    ledger = AuditLedger(database, RandomIds())
    one, other = ledger.append(entry(1)), ledger.append(entry(1))
    assert one.digests["question"] != other.digests["question"]


def test_a_long_chain_is_walked_in_pages(database: Database) -> None:
    write(database, 25)
    with database.read() as connection:
        report = verify(SqlAuditLog(connection, RandomIds(), page=10), "default")
    assert (report.events, report.findings) == (25, ())
