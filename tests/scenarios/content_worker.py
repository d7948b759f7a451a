"""Adds a folder to copies of a home, each run killed with SIGKILL before another of its steps and finished by a second.

    python -m tests.scenarios.content_worker HOME CONTENT SCRATCH

A step is a write to the register or to an index, or the embedding of a batch; a write of nothing is none. The parts are
the program's own; only the model is a fake. Prints one JSON line a death, the uninterrupted run first: where it died,
what is held after. Each run is a process of its own, forked, so that it need not load everything anew.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401  loaded once, before the processes are forked

from integrations.bootstrap import Assistant, open_assistant
from integrations.content.check import check_content
from integrations.content.folders import gather
from knowledge.library import LibraryService
from knowledge.models import ContentStatus
from tests.fakes import FakeEmbedder

WRITES = {
    "documents": ("save", "update", "remember_folder"),
    "word_index": ("upsert", "delete"),
    "quote_index": ("upsert", "delete"),
    "passage_index": ("upsert", "delete"),
    "embedder": ("embed_parted",),
}


class Steps:
    """Counts steps and takes the process's life before the one of number `last`."""

    def __init__(self, last: int | None, log: Path) -> None:
        self._left = last
        self._log = log
        log.write_text("")

    def watch(self, assistant: Assistant) -> None:
        """Count every write of an assistant's parts."""
        for part, names in WRITES.items():
            held = getattr(assistant, part)
            for name in names:
                setattr(held, name, self._counted(f"{part}.{name}", getattr(held, name)))

    def _counted(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def run(first: Any, *others: Any) -> Any:
            if not first:
                return step(first, *others)
            with self._log.open("a") as log:
                log.write(f"{name}\n")
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left = None if self._left is None else self._left - 1
            return step(first, *others)

        return run


def add(home: Path, content: Path, log: Path, last: int | None = None) -> None:
    """What `rep content add` does, noting its steps in `log`."""
    assistant = _opened(home)
    Steps(last, log).watch(assistant)
    _add(assistant, content)
    assistant.close()


def finish(home: Path, content: Path, answer: Path) -> None:
    """Add again, then say what is held: versions with their sections, whether each index is whole, what is wrong."""
    assistant = _opened(home)
    _add(assistant, content)
    documents = assistant.documents.documents(assistant.settings.tenant)
    approved = [one.key for one in documents if one.approval.status is ContentStatus.APPROVED]
    wanted = assistant.documents.passage_ids(approved)
    indexes = (assistant.word_index, assistant.quote_index, assistant.passage_index)
    held = {
        "versions": sorted(
            [one.id, one.version, one.approval.status, len(assistant.documents.sections(one.key))] for one in documents
        ),
        "passages": len(wanted),
        "whole": [index.ids() == wanted for index in indexes],
        "wrong": [str(fault) for fault in check_content(assistant, None, lambda *_: None)],
    }
    answer.write_text(json.dumps(held))
    assistant.close()


def _add(assistant: Assistant, content: Path) -> None:
    tenant, gathered = assistant.settings.tenant, gather([content])
    with assistant.writing("rep content add"):
        for folder in gathered.folders:
            assistant.documents.remember_folder(tenant, folder)
        assistant.library.add(tenant, gathered.entries)


def main(home: Path, content: Path, scratch: Path) -> None:
    """Die before every step there is, one after the other."""
    _opened(home).close()
    log = scratch / "steps.txt"
    last: int | None = None
    while True:
        copy = Path(shutil.copytree(home, scratch / "home"))
        code = _in_process(add, copy, content, log, last)
        steps = log.read_text().split()
        if last is not None and code != -signal.SIGKILL:
            return
        _in_process(finish, copy, content, scratch / "held.json")
        died = {"died_before": None if last is None else steps[-1], **json.loads((scratch / "held.json").read_text())}
        sys.stdout.write(json.dumps(died) + "\n")
        shutil.rmtree(copy)
        last = 0 if last is None else last + 1


def _opened(home: Path) -> Assistant:
    assistant = open_assistant(home)
    assistant.__dict__["embedder"] = FakeEmbedder()
    assert isinstance(assistant.library, LibraryService)
    return assistant


def _in_process(work: Callable[..., None], *arguments: object) -> int | None:
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    process.start()
    process.join()
    return process.exitcode


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
