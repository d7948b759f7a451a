"""What `rep doctor` examines. A part of the program adds its own check to `CHECKS`: a function of the open home."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from assistant.errors import AssistantError
from integrations.bootstrap import Assistant, open_assistant
from knowledge.errors import KnowledgeError

CHECKS: list[str] = [
    "integrations.doctor:disk",
    "integrations.doctor:database",
    "integrations.doctor:people",
    "integrations.doctor:content",
    "integrations.doctor:search",
    "integrations.doctor:model",
    "integrations.referral_checks:referrals",
    "integrations.referral_checks:routing",
    "integrations.referral_checks:audit",
    "integrations.referral_checks:durable_work",
]

_LITTLE_SPACE = 200 * 1024 * 1024


class State(StrEnum):
    """How a thing stands: well, worth knowing, or wrong."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    check: str
    state: State
    text: str


Check = Callable[[Assistant], Iterable[Finding]]


def examine(home: Path) -> list[Finding]:
    """Run every check on a home; a check that fails is a fault in its own line, and the others go on."""
    try:
        assistant = open_assistant(home)
    except AssistantError as fault:
        return [Finding("home", State.FAULT, str(fault))]
    findings = [Finding("home", State.OK, str(home))]
    for name in CHECKS:
        module, _, function = name.partition(":")
        check: Check = getattr(import_module(module), function)
        try:
            findings += check(assistant)
        except (AssistantError, KnowledgeError, OSError) as fault:
            findings.append(Finding(function, State.FAULT, " ".join(str(fault).split())))
    assistant.close()
    return findings


def disk(assistant: Assistant) -> Iterable[Finding]:
    """Whether the home can be written and has room."""
    home = assistant.settings.home
    with assistant.writing("rep doctor"):
        free = shutil.disk_usage(home).free
    state = State.OK if free > _LITTLE_SPACE else State.FAULT
    yield Finding("disk", state, f"{free / 1024**3:.1f} GB free")


def database(assistant: Assistant) -> Iterable[Finding]:
    """Which database answers."""
    yield Finding("database", State.OK, assistant.database.place)


def people(assistant: Assistant) -> Iterable[Finding]:
    """Whether anybody may use the assistant."""
    everyone = assistant.people.everyone(assistant.settings.tenant)
    active = sum(person.active for person in everyone)
    if not active:
        yield Finding("people", State.NOTE, "nobody may ask yet; load people with: rep people load roster.yaml")
    else:
        yield Finding("people", State.OK, f"{active} active, {len(everyone) - active} deactivated")


def content(assistant: Assistant) -> Iterable[Finding]:
    """Whether there is anything valid to quote."""
    from integrations.content.view import listing

    held = assistant.documents.documents(assistant.settings.tenant)
    valid = listing(held, assistant.clock.now(), valid_only=True)
    if not valid:
        yield Finding("content", State.NOTE, "nothing is valid now; add content with: rep content add FOLDER")
    else:
        yield Finding("content", State.OK, f"{len(valid)} valid now, of {len(held)} versions in the register")


def search(assistant: Assistant) -> Iterable[Finding]:
    """Whether everything valid can be found."""
    missing = assistant.index.missing()
    if missing:
        yield Finding("search", State.FAULT, f"{missing} passages are not indexed; mend it with: rep content reindex")
    else:
        yield Finding("search", State.OK, "every approved passage is indexed")


def model(assistant: Assistant) -> Iterable[Finding]:
    """Whether vectors can be made."""
    embedder = assistant.embedder
    embedder.embed_query("dose")
    yield Finding("vectors", State.OK, f"{embedder.name}, {embedder.dimension} dimensions")
