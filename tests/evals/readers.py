"""How well the readers read the real labels, against an independent reading of the same files.

`python -m tests.evals.readers` prints a row a label: words found, sections found, blocks that stand in that reading
letter by letter.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.models import Section
from knowledge.passages import heading_of
from knowledge.readers import read
from tests.shared import SHARED

# The other reading keeps the recent changes, which repeat what the sections say; ours drops them.
LEFT_OUT = frozenset({"recent_changes"})

_WORD = re.compile(r"\d+|[^\W\d_]+")
_FIGURE_OR_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[<>≤≥%+]|(?<![\w.)%\]-])-(?=\d)")


@dataclass(frozen=True)
class Reading:
    """One label read twice: counts of gold words and sections, and of our blocks, with those that were missed."""

    file: str
    words: int
    missed_words: Counter[str]
    sections: int
    missed_sections: list[str]
    blocks: int
    foreign_blocks: list[str]

    @property
    def word_share(self) -> float:
        return 1 - self.missed_words.total() / max(1, self.words)

    @property
    def section_share(self) -> float:
        return 1 - len(self.missed_sections) / max(1, self.sections)

    @property
    def block_share(self) -> float:
        return 1 - len(self.foreign_blocks) / max(1, self.blocks)


def readings(folder: Path = SHARED / "data") -> list[Reading]:
    """Every label of the folder, read and compared."""
    gold: dict[str, list[dict[str, Any]]] = {}
    for line in (folder / "labels_sections.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["std_section"] not in LEFT_OUT:
            gold.setdefault(row["label_id"], []).append(row)
    manifest = yaml.safe_load((folder / "labels" / "content.yaml").read_text(encoding="utf-8"))
    found = []
    for document in manifest["documents"]:
        ours = read(folder / "labels" / document["file"])
        label = (ours.document_id or document["id"]).lower()
        found.append(compare(document["file"], ours.sections, gold[label]))
    return found


def compare(file: str, ours: Sequence[Section], gold: Sequence[dict[str, Any]]) -> Reading:
    """One label's sections against the other reading's."""
    wanted = Counter(word for row in gold for word in words(f"{row['title'] or ''} {row['text']}"))
    have = Counter(word for section in ours for word in words(f"{' '.join(section.path[-1:])} {section.text}"))
    run_together = squeeze(ours)
    missed = Counter({w: n for w, n in (wanted - have).items() if w not in run_together or w.isdigit() or len(w) < 6})
    everything = flat(" ".join(f"{row['title'] or ''} {row['text']}" for row in gold))
    blocks = [section.text[block.start : block.end] for section in ours for block in section.blocks]
    return Reading(
        file,
        wanted.total(),
        missed,
        len(gold),
        [
            f"{row['number']} {row['title']} {row['text'][:60]!r}"
            for row in gold
            if not any(matches(s, row) for s in ours)
        ],
        len(blocks),
        [text for text in blocks if flat(text) not in everything],
    )


def matches(section: Section, row: dict[str, Any]) -> bool:
    """Whether a section is the one of the other reading: same number or title, and the same beginning."""
    number, title = heading_of(section)
    wanted = plain(row["title"] or (row["path"] or [""])[-1])
    named = (row["number"] and row["number"] == section.number) or wanted in (plain(title), plain(f"{number} {title}"))
    if not named:
        return False
    start = flat(row["text"])[:40].replace(" ", "")
    return start in flat(section.text).replace(" ", "") or start in flat(" ".join(section.path))


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def squeeze(sections: Iterable[Section]) -> str:
    return plain(" ".join(section.text for section in sections))


@cache
def flat(text: str) -> str:
    """Letters run together, figures with their points and signs stand apart, other marks do not count."""
    folded = text.translate({0x2010: "-", 0x2011: "-", 0x2212: "-"}).lower()
    return "".join(word if word.isalpha() else f" {word} " for word in _FIGURE_OR_WORD.findall(folded))


def table(found: Sequence[Reading]) -> str:
    """The figures as lines, one a label, the total last."""
    lines = [f"{'label':26} {'words':>8} {'share':>7} {'sections':>8} {'share':>7} {'blocks':>7} {'share':>7}"]
    lines += [
        f"{r.file:26} {r.words:8} {r.word_share:7.4f} {r.sections:8} {r.section_share:7.4f}"
        f" {r.blocks:7} {r.block_share:7.4f}"
        for r in found
    ]
    words_, sections, blocks = (sum(getattr(r, n) for r in found) for n in ("words", "sections", "blocks"))
    missed = sum(r.missed_words.total() for r in found)
    lost = sum(len(r.missed_sections) for r in found)
    foreign = sum(len(r.foreign_blocks) for r in found)
    lines.append(
        f"{'all':26} {words_:8} {1 - missed / words_:7.4f} {sections:8} {1 - lost / sections:7.4f}"
        f" {blocks:7} {1 - foreign / blocks:7.4f}"
    )
    return "\n".join(lines)


def main() -> None:
    """Print the table; with `--misses`, what was missed first."""
    found = readings()
    if "--misses" in sys.argv:
        for r in found:
            for kind, missed in (
                ("words", [f"{w} x{n}" for w, n in r.missed_words.most_common(15)]),
                ("section", r.missed_sections[:12]),
                ("block", [text[:160] for text in r.foreign_blocks[:12]]),
            ):
                for what in missed:
                    print(f"{r.file}: {kind}: {what}")  # noqa: T201 (a command that prints)
    print(table(found))  # noqa: T201


if __name__ == "__main__":
    main()
