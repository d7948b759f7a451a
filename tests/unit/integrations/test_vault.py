"""The vault: nothing readable at rest, keys for their owner alone, rotation, and no row that can be swapped."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.errors import PermanentFault
from integrations.clock import RandomIds
from integrations.storage.database import Database
from integrations.storage.vault import KEY_FILE, Keyring, SqlVault, VaultKeyFault, open_keyring, save_keyring
from tests.fakes import FakeClock


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return open_keyring(tmp_path)


def vault(connection: object, ring: Keyring) -> SqlVault:
    return SqlVault(connection, ring, FakeClock(), RandomIds())  # type: ignore[arg-type]


def put(database: Database, ring: Keyring, words: str, tenant: str = "default") -> str:
    with database.write() as connection:
        return vault(connection, ring).put(tenant, words)


def read(database: Database, ring: Keyring, item: str, tenant: str = "default") -> str:
    with database.read() as connection:
        return vault(connection, ring).open(tenant, item)


def test_any_text_is_kept_to_the_letter_and_unreadable_at_rest(database: Database, ring: Keyring) -> None:
    item = put(database, ring, "Mr. Amos Brill \x00 \ud800")
    assert read(database, ring, item) == "Mr. Amos Brill \x00 \ud800"
    with database.read() as connection:
        row = connection.execute(text("SELECT ciphertext FROM vault_items")).scalar_one()
    assert b"Brill" not in bytes(row)


def test_the_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    first = open_keyring(tmp_path)
    path = tmp_path / KEY_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_keyring(tmp_path) == first
    assert "keys=" not in repr(first)
    path.chmod(0o644)
    with pytest.raises(VaultKeyFault, match="chmod 600"):
        open_keyring(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "null", '{"active": "k1", "keys": {}}', '{"active": "k1", "keys": {"k1": "AAAA"}}', "\x00"],
)
def test_a_broken_key_file_is_never_replaced(tmp_path: Path, content: str) -> None:
    path = tmp_path / KEY_FILE
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(VaultKeyFault, match="backup"):
        open_keyring(tmp_path)
    assert path.read_text(encoding="utf-8") == content


def test_many_first_uses_make_one_key(tmp_path: Path) -> None:
    rings: list[Keyring] = []
    threads = [threading.Thread(target=lambda: rings.append(open_keyring(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({ring.keys["k1"] for ring in rings}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_rotation_keeps_old_items_readable_until_they_are_encrypted_anew(
    database: Database, ring: Keyring, tmp_path: Path
) -> None:
    old = put(database, ring, "before")
    rotated = ring.rotated()
    save_keyring(tmp_path, rotated)
    assert open_keyring(tmp_path) == rotated
    new = put(database, rotated, "after")
    assert [read(database, rotated, item) for item in (old, new)] == ["before", "after"]
    with pytest.raises(VaultKeyFault, match="k2"):
        read(database, ring, new)
    with database.write() as connection:
        assert vault(connection, rotated).encrypt_anew() == 1
        assert vault(connection, rotated).encrypt_anew() == 0
    alone = Keyring("k2", {"k2": rotated.keys["k2"]})
    assert [read(database, alone, item) for item in (old, new)] == ["before", "after"]


def test_rows_cannot_be_swapped_or_touched(database: Database, ring: Keyring) -> None:
    one, other = put(database, ring, "one"), put(database, ring, "other")
    with database.write() as connection:
        sealed = connection.execute(
            text("SELECT nonce, ciphertext FROM vault_items WHERE id = :id"), {"id": other}
        ).one()
        connection.execute(
            text("UPDATE vault_items SET nonce = :n, ciphertext = :c WHERE id = :id"),
            {"n": sealed.nonce, "c": sealed.ciphertext, "id": one},
        )
    with pytest.raises(PermanentFault, match="tampered"):
        read(database, ring, one)


def test_the_file_holds_nothing_but_keys(tmp_path: Path, ring: Keyring) -> None:
    assert set(json.loads((tmp_path / KEY_FILE).read_text())) == {"active", "keys"}
    assert ring.active == "k1"
