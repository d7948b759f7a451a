"""The sample's approved content: readable, of every status, and of one mind about its numbers."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from integrations.sample.load import CONTENT
from integrations.sample.visual_aids import aids, write_pdf, write_pptx
from knowledge.manifest import read_manifest
from knowledge.models import Audience, ContentStatus, DocumentType, SectionKind
from knowledge.readers import read
from tests.shared import shared
from tests.unit.integrations.sample.conftest import TODAY, Sample, load

FILES = sorted(path.name for path in CONTENT.iterdir() if path.suffix not in {".yaml", ".toml", ".npz", ".json"})
NUMBER = re.compile(r"(?<![\w.])[+-]?\d[\d,]*(?:\.\d+)?(?![\w])")
LABELS = {"velquora": "velquora-label.xml", "calixra": "calixra-label.md", "pelluvia": "pelluvia-label.docx"}
# Words a drug vocabulary knows that are no invented names: classes, body chemistry, and generics a label must name.
KNOWN = frozenset(Path(__file__).with_name("known_words.txt").read_text(encoding="utf-8").split())


def numbers(text: str) -> list[str]:
    return [number.replace(",", "").lstrip("+") for number in NUMBER.findall(text)]


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2028, 2, 29), date(2026, 12, 31), date(2030, 6, 15)])
def test_the_manifest_is_valid_on_any_day(tmp_path: Path, today: date) -> None:
    manifest = load(tmp_path, today).manifest
    assert manifest.faults == ()
    assert {entry.file.name for entry in manifest.entries} == set(FILES)


def test_every_file_has_one_record_and_no_other_file_is_shipped(sample: Sample) -> None:
    held = [entry.file.name for entry in sample.manifest.entries]
    assert len(held) == len(set(held))
    shipped = {path.name for path in sample.paths.content.iterdir()}
    assert shipped == {*held, "content.yaml"}


@pytest.mark.parametrize("file", FILES)
def test_every_file_is_readable(sample: Sample, file: str) -> None:
    sections = sample.sections(file)
    assert sections
    assert sum(len(section.text) for section in sections) > 150


def test_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = load(tmp_path / "a", TODAY).paths, load(tmp_path / "b", TODAY).paths
    for one, other in zip((first.roster, *first.customers), (second.roster, *second.customers), strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert (first.content / "content.yaml").read_bytes() == (second.content / "content.yaml").read_bytes()


def test_every_status_is_there(sample: Sample) -> None:
    facts = [entry.approval for entry in sample.manifest.entries]
    assert {fact.status for fact in facts} == {ContentStatus.APPROVED, ContentStatus.DRAFT, ContentStatus.WITHDRAWN}
    approved = [fact for fact in facts if fact.status is ContentStatus.APPROVED]
    assert any(fact.expires_on < TODAY for fact in approved), "one has expired"
    assert any(fact.effective_from > TODAY for fact in approved), "one is to come"
    assert any(TODAY <= fact.expires_on <= date.fromordinal(TODAY.toordinal() + 30) for fact in approved)


def test_one_label_supersedes_an_older_one_and_one_waits_for_its_day(sample: Sample) -> None:
    new, old = read(sample.paths.content / "velquora-label.xml"), read(sample.paths.content / "velquora-label-v5.xml")
    assert (new.document_id, new.version, old.version) == (old.document_id, "6", "5")
    current, coming = sample.document("calixra-label.md"), sample.document("calixra-label-v4.md")
    assert (current.id, current.version, coming.version) == (coming.id, "3", "4")
    assert current.approval.effective_from < TODAY < coming.approval.effective_from


def test_each_product_has_the_assets_a_rep_and_a_medical_reader_need(sample: Sample) -> None:
    for product in ("Velquora", "Calixra", "Pelluvia"):
        entries = [entry.approval for entry in sample.manifest.entries if product in entry.approval.products]
        assert set(DocumentType) - {fact.type for fact in entries} <= {DocumentType.REPRINT}
        responses = [fact for fact in entries if fact.type is DocumentType.STANDARD_RESPONSE]
        assert responses
        assert all(fact.audiences == {Audience.MEDICAL} for fact in responses)


def test_taiwan_has_its_own_label_in_its_own_language(sample: Sample) -> None:
    taiwan = [entry.approval for entry in sample.manifest.entries if entry.approval.markets == {"TW"}]
    assert {fact.type for fact in taiwan} >= {DocumentType.LABEL, DocumentType.ISI}
    assert {fact.language for fact in taiwan} == {"zh-TW"}
    assert "3.2 毫克" not in sample.text("velquora-tw-label.md")


def test_the_labels_of_both_markets_report_the_same_trials(sample: Sample) -> None:
    """Taiwan's label says less, never something else; only how long a pen keeps outside the refrigerator differs."""
    assert set(numbers(sample.text("velquora-tw-label.md"))) <= set(numbers(sample.text("velquora-label.xml")))
    assert "室溫存放最多 14 天" in sample.text("velquora-tw-label.md")
    assert "for up to 21 days" in sample.text("velquora-label.xml")


def test_boxed_warnings_stand_where_they_should(sample: Sample) -> None:
    boxed = {
        product: any(section.kind is SectionKind.BOXED_WARNING for section in sample.sections(file))
        for product, file in LABELS.items()
    }
    assert boxed == {"velquora": True, "calixra": True, "pelluvia": False}


@pytest.mark.parametrize("file", [file for file in FILES if file.startswith("pelluvia")])
def test_a_product_without_a_boxed_warning_has_none_anywhere(sample: Sample, file: str) -> None:
    assert SectionKind.BOXED_WARNING not in {section.kind for section in sample.sections(file)}


@pytest.mark.parametrize("file", [*LABELS.values(), "velquora-label-v5.xml", "calixra-label-v4.md"])
def test_a_label_has_the_standard_sections_in_order(sample: Sample, file: str) -> None:
    numbered = [section.number for section in sample.sections(file) if section.number]
    tops = [int(number.split(".")[0]) for number in numbered]
    assert all(before <= after for before, after in pairwise(tops))
    assert set(tops) == {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 16, 17}
    assert len(numbered) == len(set(numbered))


@pytest.mark.parametrize("file", [*LABELS.values(), "velquora-label-v5.xml", "calixra-label-v4.md"])
def test_cross_references_lead_somewhere(sample: Sample, file: str) -> None:
    held = {section.number for section in sample.sections(file) if section.number}
    held |= {number.split(".")[0] for number in held}
    groups = re.findall(r"\((\d{1,2}\.\d(?:, \d{1,2}\.\d)*)\)", sample.text(file))
    referred = {number for group in groups for number in group.split(", ")}
    assert {number for number in referred if int(number.split(".")[0]) <= 17} - held <= percentages(sample.text(file))


def percentages(text: str) -> set[str]:
    """Numbers in brackets that stand in tables as shares, not as sections."""
    return {match[1] for line in text.splitlines() if " | " in line for match in re.finditer(r"\((\d+\.\d)\)", line)}


@pytest.mark.parametrize("file", [*LABELS.values(), "velquora-label-v5.xml", "calixra-label-v4.md"])
def test_tables_are_numbered_in_order(sample: Sample, file: str) -> None:
    captions = [int(n) for n in re.findall(r"^Table (\d+):", sample.text(file), re.MULTILINE)]
    assert captions == list(range(1, len(captions) + 1))


@pytest.mark.parametrize(
    ("file", "title", "slides"), list(aids()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_row_of_a_visual_aid_stands_in_one_row_of_the_label(sample: Sample, file, title, slides) -> None:
    lines = sample.text(LABELS[file.split("-")[0]]).splitlines()
    rows = [row for slide in slides for row in slide.table[1:]]
    for row in rows:
        shown = [number for cell in row[1:] for number in numbers(cell)]
        assert any(bears_out(line, shown) for line in lines), row


def bears_out(line: str, shown: list[str]) -> bool:
    """Whether a label line holds all the numbers: a table row in their order, a sentence in any."""
    if " | " not in line:
        return Counter(shown) <= Counter(numbers(line))
    rest = iter(numbers(line))
    return all(number in rest for number in shown)


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("velquora-isi.md", "velquora"), ("velquora-larkspur5-reprint.md", "velquora"),
        ("velquora-patient-brochure.html", "velquora"), ("velquora-visual-aid.pptx", "velquora"),
        ("calixra-isi.md", "calixra"), ("calixra-visual-aid.pptx", "calixra"),
        ("pelluvia-isi.md", "pelluvia"), ("pelluvia-visual-aid.pptx", "pelluvia"),
    ],
)  # fmt: skip
def test_numbers_of_promotional_pieces_occur_in_the_label(sample: Sample, file: str, label: str) -> None:
    allowed = set(numbers(sample.text(LABELS[label])))
    own = {"391", "27"} if "reprint" in file else set()  # sites and countries stand in the publication alone
    text = re.sub(r"(Sections?|Tables?) [\d., and]+", "", sample.text(file))
    assert set(numbers(text)) - allowed - own == set()


def test_both_renditions_of_the_visual_aids_are_what_the_slides_say(sample: Sample, tmp_path: Path) -> None:
    for file, title, slides in aids():
        write_pptx(tmp_path / "aid.pptx", title, slides)
        write_pdf(tmp_path / "aid.pdf", slides)
        for suffix in (".pptx", ".pdf"):
            fresh = [section.text for section in read(tmp_path / f"aid{suffix}").sections]
            assert fresh == [section.text for section in sample.sections(file + suffix)], "draw the visual aids again"


def test_no_real_drug_is_named_but_generics_a_label_must_name(sample: Sample) -> None:
    lines = shared("data/vocabulary/drug_variants.jsonl").read_text(encoding="utf-8").splitlines()
    real = {json.loads(line)["variant"].casefold() for line in lines}
    held = " ".join(sample.text(file) for file in FILES)
    held += " ".join(path.read_text(encoding="utf-8") for path in sample.paths.customers)
    words = {word.casefold() for word in re.findall(r"[A-Za-z]{5,}", held)}
    assert words & real <= KNOWN
    assert not {"velquora", "ralvaglutide", "calixra", "torvexaban", "pelluvia", "brenokinumab"} & real


def test_the_offsets_file_is_no_manifest_by_itself() -> None:
    assert not (CONTENT / "content.yaml").exists()
    assert read_manifest(CONTENT / "content.offsets.yaml").faults
