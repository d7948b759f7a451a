"""Time and identifiers from the machine, and the fixed ones that `--at` and tests use."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID


class SystemClock:
    """The machine's own time, in UTC."""

    def now(self) -> datetime:
        """The current moment."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still, for `--at`: validity and deadlines are judged at that moment."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a fixed clock needs a time zone")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The fixed moment."""
        return self._at


class RandomIds:
    """UUIDv7 (RFC 9562, 5.7): milliseconds first, so that ids sort by the time they were made."""

    def new(self) -> str:
        """A fresh id as text."""
        return uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10))


def uuid7(milliseconds: int, randomness: bytes) -> str:
    """A UUIDv7 from a Unix time in milliseconds and ten random bytes."""
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(randomness, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))
