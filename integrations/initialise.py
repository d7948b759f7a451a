"""Making a home, and bringing an older one to this program's schema."""

from __future__ import annotations

from pathlib import Path

from integrations.bootstrap import Assistant
from integrations.clock import RandomIds, SystemClock
from integrations.home import MARKER, storage_fault
from integrations.settings import load_settings
from integrations.storage.migrate import migrate

SETTINGS_TEMPLATE = """\
# Settings of this home. Every line has a default; REP_* variables win over this file (REP_DATABASE_URL, ...).
# tenant = "default"
# database_url = "postgresql://user@host/name"     # default: a SQLite file here
# chroma_url = "http://host:8000"                  # default: embedded, here
# lock_timeout_seconds = 30

# [embedding]                                      # default: the embedded model, nothing leaves this machine
# base_url = "https://host/v1"
# model = "name"
"""


def initialise(home: Path) -> bool:
    """Make `home`, or bring its database forward; says whether it was made now. Safe to repeat after a crash.

    The marker is written last, so a home that was made half-way is not mistaken for a whole one.
    """
    marker = home / MARKER
    made = not marker.exists()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        assistant = Assistant(load_settings(home), SystemClock(), RandomIds())
        with assistant.writing("rep init"):
            migrate(assistant.database)
            if made:
                unfinished = marker.with_suffix(".new")
                unfinished.write_text(SETTINGS_TEMPLATE, encoding="utf-8")
                unfinished.replace(marker)
        assistant.close()
    except OSError as fault:
        raise storage_fault(home, fault) from fault
    return made
