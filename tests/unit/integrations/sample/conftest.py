"""The sample as of one day, written once for all tests that look at it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.sample import SamplePaths, materialise
from knowledge.manifest import Entry, Manifest, read_manifest
from knowledge.models import Section
from knowledge.readers import read

TODAY = date(2026, 11, 18)


@dataclass(frozen=True)
class Sample:
    """Everything the sample holds, as the commands would read it."""

    paths: SamplePaths
    manifest: Manifest
    people: list[dict[str, Any]]
    customers: list[dict[str, Any]]
    interactions: list[dict[str, Any]]
    visits: list[dict[str, Any]]

    def document(self, file: str) -> Entry:
        return next(entry for entry in self.manifest.entries if entry.file.name == file)

    def sections(self, file: str) -> tuple[Section, ...]:
        return _sections(self.paths.content / file)

    def text(self, file: str) -> str:
        return "\n".join(section.text for section in self.sections(file))


@cache
def _sections(path: Path) -> tuple[Section, ...]:
    return read(path).sections


def load(target: Path, today: date) -> Sample:
    paths = materialise(target, today)
    people = yaml.safe_load(paths.roster.read_text(encoding="utf-8"))["people"]
    records = [[json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] for path in paths.customers]
    return Sample(paths, read_manifest(paths.content / "content.yaml"), people, *records)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return load(tmp_path_factory.mktemp("sample"), TODAY)
