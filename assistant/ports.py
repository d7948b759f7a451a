"""What the assistant needs from outside, in its own words. Adapters live in `integrations`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, injected so that tests and `--at` can fix it."""

    def now(self) -> datetime:
        """The current moment, in UTC with a time zone."""
        ...


class Ids(Protocol):
    """New identifiers, injected for the same reason."""

    def new(self) -> str:
        """A fresh UUIDv7 as text."""
        ...
