"""The vault: originals encrypted with AES-256-GCM under keys of the home's own, each row naming the key it needs.

The key file stands in the home, readable by its owner alone. Rotating adds a key and makes it the active one; older
rows are readable with their own key until they are encrypted anew.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select, update

from assistant.errors import NotFound, PermanentFault
from assistant.ports import Clock, Ids
from integrations.storage.tables.vault import vault_items

KEY_FILE = "vault-keys.json"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class VaultKeyFault(PermanentFault):
    """The vault's keys are missing, unreadable or too widely readable; the text says what to do."""

    code = "vault_key"


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """Keys by id, and which of them encrypts what is new. Never printed."""

    active: str
    keys: Mapping[str, bytes]

    def key(self, key_id: str) -> AESGCM:
        """A key by its id. Raises VaultKeyFault for one that is gone."""
        if key_id not in self.keys:
            raise VaultKeyFault(
                f"the vault's key {key_id} is not in {KEY_FILE}; put the backup of that file in its place"
            )
        return AESGCM(self.keys[key_id])

    def rotated(self) -> Keyring:
        """With one more key, which is the active one from now on."""
        new = f"k{1 + max(int(key_id[1:]) for key_id in self.keys)}"
        return Keyring(new, {**self.keys, new: secrets.token_bytes(_KEY_BYTES)})


def open_keyring(home: Path) -> Keyring:
    """The home's keys, made on first use. Raises VaultKeyFault when the file is unusable or others may read it."""
    path = home / KEY_FILE
    try:
        return _read(path)
    except FileNotFoundError:
        first = Keyring("k1", {"k1": secrets.token_bytes(_KEY_BYTES)})
        try:
            _create(path, first)
        except FileExistsError:
            return _read(path)
        return first


def save_keyring(home: Path, ring: Keyring) -> None:
    """Replace the key file, all or nothing."""
    new = home / f"{KEY_FILE}.{secrets.token_hex(4)}"
    _create(new, ring)
    new.replace(home / KEY_FILE)


def _create(path: Path, ring: Keyring) -> None:
    keys = {key_id: base64.b64encode(key).decode() for key_id, key in ring.keys.items()}
    # A link is made only when nothing stands there, and only to a file that is whole: two first uses cannot collide.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"active": ring.active, "keys": keys}, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def _read(path: Path) -> Keyring:
    with path.open(encoding="utf-8") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise VaultKeyFault(f"{path}: others may read the vault's keys; run: chmod 600 {path}")
        try:
            data = json.load(file)
            ring = Keyring(data["active"], {name: base64.b64decode(key) for name, key in data["keys"].items()})
            usable = ring.active in ring.keys and all(len(key) == _KEY_BYTES for key in ring.keys.values())
        except (ValueError, KeyError, TypeError, AttributeError):
            usable = False
        if not usable:
            raise VaultKeyFault(
                f"{path}: not a key file; put its backup in its place, or nothing kept so far can be read"
            )
        return ring


class SqlVault:
    """`Vault` within somebody's transaction. Tenant and id are sealed in with the text: rows cannot be swapped."""

    def __init__(self, connection: Connection, ring: Keyring, clock: Clock, ids: Ids) -> None:
        self._connection = connection
        self._ring = ring
        self._clock = clock
        self._ids = ids

    def put(self, tenant: str, text: str) -> str:
        """Keep a text to the letter; returns its id."""
        item = self._ids.new()
        sealed = self._seal(tenant, item, text.encode("utf-8", "surrogatepass"))
        row = {"id": item, "tenant_id": tenant, "kept_at": self._clock.now(), **sealed}
        self._connection.execute(insert(vault_items).values(row))
        return item

    def open(self, tenant: str, original_id: str) -> str:
        """The text of an item of this tenant."""
        wanted = select(vault_items).where(vault_items.c.tenant_id == tenant, vault_items.c.id == original_id)
        row = self._connection.execute(wanted).mappings().first()
        if row is None:
            raise NotFound("the original is no longer kept")
        key = self._ring.key(row["key_id"])
        try:
            plain = key.decrypt(bytes(row["nonce"]), bytes(row["ciphertext"]), _bound(tenant, original_id))
        except InvalidTag:
            raise PermanentFault(f"the original {original_id} was tampered with and cannot be trusted") from None
        return plain.decode("utf-8", "surrogatepass")

    def erase(self, tenant: str, original_id: str) -> bool:
        """Take an item away for good."""
        gone = delete(vault_items).where(vault_items.c.tenant_id == tenant, vault_items.c.id == original_id)
        return self._connection.execute(gone).rowcount > 0

    def encrypt_anew(self) -> int:
        """Encrypt every item under the active key; returns how many were under another."""
        wanted = select(vault_items.c.tenant_id, vault_items.c.id).where(vault_items.c.key_id != self._ring.active)
        old = list(self._connection.execute(wanted))
        for tenant, item in old:
            sealed = self._seal(tenant, item, self.open(tenant, item).encode("utf-8", "surrogatepass"))
            self._connection.execute(update(vault_items).where(vault_items.c.id == item).values(sealed))
        return len(old)

    def _seal(self, tenant: str, item: str, plain: bytes) -> dict[str, object]:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        ciphertext = self._ring.key(self._ring.active).encrypt(nonce, plain, _bound(tenant, item))
        return {"key_id": self._ring.active, "nonce": nonce, "ciphertext": ciphertext}


def _bound(tenant: str, item: str) -> bytes:
    return f"{tenant}\x1f{item}".encode()
