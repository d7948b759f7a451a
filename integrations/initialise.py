"""Making a home, and bringing an older one to this program's schema."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from integrations.bootstrap import Assistant
from integrations.clock import RandomIds, SystemClock
from integrations.content.folders import gather
from integrations.crm.load import CustomerLoad
from integrations.home import MARKER, storage_fault
from integrations.roster import read_roster
from integrations.sample import materialise
from integrations.settings import load_settings
from integrations.storage.migrate import migrate
from knowledge.indexing import Progress, silent

SAMPLE_FOLDER = "sample"

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


@dataclass(frozen=True, slots=True)
class SampleLoaded:
    """What came in with the sample company. `faults` is empty unless the shipped files are damaged."""

    documents: int
    people: int
    customers: int
    faults: tuple[Exception, ...]


def load_sample(assistant: Assistant, progress: Progress = silent) -> SampleLoaded:
    """Load the shipped company as of today by the same steps as anybody's content, people and customers.

    Doing it again moves its dates to the new day and adds nothing twice.
    """
    tenant, now = assistant.settings.tenant, assistant.clock.now()
    with assistant.writing("rep init --sample"):
        try:
            paths = materialise(assistant.settings.home / SAMPLE_FOLDER, now.date())
        except OSError as fault:
            raise storage_fault(assistant.settings.home, fault) from fault
        gathered = gather([paths.content])
        assistant.documents.remember_folder(tenant, paths.content)
        report = assistant.library.add(tenant, gathered.entries, progress=progress)
        roster = read_roster(paths.roster, tenant)
        assistant.people.save(roster.people)
        loading = CustomerLoad(assistant.customers, tenant, roster.people, now)
        customers = loading.load(list(paths.customers), progress)
    saved = customers.saved["customers"]
    return SampleLoaded(
        documents=len(report.done),
        people=len(roster.people),
        customers=saved.new + saved.changed + saved.same,
        faults=(*gathered.faults, *report.faults, *roster.faults, *customers.faults),
    )
