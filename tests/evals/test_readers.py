"""The readers against an independent reading of the real labels, and on PDF labels whose form is known."""

from __future__ import annotations

import re

import pytest

from knowledge.readers import read
from tests.evals.readers import Reading, readings
from tests.shared import shared

pytestmark = [pytest.mark.real_labels, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return readings(shared("data/labels_sections.jsonl").parent)


def test_every_label_keeps_its_words_and_sections(found: list[Reading]) -> None:
    assert len(found) == 34
    assert [(r.file, r.word_share) for r in found if r.word_share < 0.99] == []
    assert [(r.file, r.missed_sections) for r in found if r.section_share < 0.99] == []


def test_all_labels_together(found: list[Reading]) -> None:
    lost = sum(r.missed_words.total() for r in found) / sum(r.words for r in found)
    foreign = sum(len(r.foreign_blocks) for r in found) / sum(r.blocks for r in found)
    assert lost < 0.002
    assert foreign < 0.001


US = {"1", "2", "3", "4", "5", "6", "7", "8", "10", "11", "12", "13", "14", "16", "17"}


@pytest.mark.parametrize("name", ["atorvastatin_highlights_2024", "metformin_highlights_2026", "warfarin_label_2025"])
def test_us_label_pdfs(name: str) -> None:
    file = read(shared(f"data/labels_pdf/fda_{name}.pdf"))
    numbers = [section.number for section in file.sections if section.number]
    assert {number.split(".")[0] for number in numbers} >= US
    assert len(numbers) == len(set(numbers))
    text = "\n".join(section.text for section in file.sections)
    assert "HIGHLIGHTS OF PRESCRIBING INFORMATION" not in text
    assert all(block.box is None or block.box.page >= 1 for section in file.sections for block in section.blocks)


@pytest.mark.parametrize("name", ["karvea", "remsima", "skilarence", "xenical"])
def test_eu_product_information(name: str) -> None:
    file = read(shared(f"data/labels_eu_pdf/{name}-epar-product-information_en.pdf"))
    numbers = {section.number for section in file.sections}
    assert numbers >= {"4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9", "5.1", "5.2", "5.3", "6.1", "6.6"}
    first = next(section for section in file.sections if section.number == "4.1")
    assert first.kind.value == "indications"
    assert first.path[-2] == "4. CLINICAL PARTICULARS"
    alone = [s.title for s in file.sections for line in s.text.split("\n") if re.fullmatch(r"\d{1,3}", line)]
    assert alone == []
