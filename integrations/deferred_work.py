"""Durable work asked for by a command, kept once the answer has been shown. Imports nothing heavy."""

from __future__ import annotations

from datetime import datetime

from assistant.referral_ports import DurableWork


class DeferredWork:
    """`DurableWork` for a command: asked for now, kept when the answer has been shown.

    Losing it costs nothing: rows say what is still to be done, and the next executor's sweep asks for it again.
    """

    def __init__(self) -> None:
        self._asked: dict[str, tuple[str, str, datetime | None]] = {}

    def start(self, job: str, row_id: str, key: str, *, not_before: datetime | None = None) -> None:
        """Remember it once a key."""
        self._asked.setdefault(key, (job, row_id, not_before))

    def __len__(self) -> int:
        return len(self._asked)

    def flush(self, queue: DurableWork) -> None:
        """Keep all of it."""
        for key, (job, row_id, not_before) in self._asked.items():
            queue.start(job, row_id, key, not_before=not_before)
        self._asked.clear()
