"""Sections by what they are for, in new and old forms of a label."""

from __future__ import annotations

import pytest

from knowledge.models import SectionKind
from knowledge.retrieval.slots import slot_names, slot_of


@pytest.mark.parametrize(
    ("kind", "path", "slot"),
    [
        (SectionKind.DOSAGE, ("2 DOSAGE", "2.5 Missed Dose"), "missed_dose"),
        (SectionKind.DOSAGE, ("2 DOSAGE", "2.4 Dosage in Renal Impairment"), "dosage_renal_hepatic"),
        (SectionKind.SPECIFIC_POPULATIONS, ("8 USE", "8.6 Renal Impairment"), "renal"),
        (SectionKind.SPECIFIC_POPULATIONS, ("8 USE", "8.2 Lactation"), "lactation"),
        (SectionKind.WARNINGS, ("PRECAUTIONS", "Nursing Mothers"), "lactation"),
        (SectionKind.CLINICAL_PHARMACOLOGY, ("12", "12.1 Mechanism of Action"), "mechanism"),
        (SectionKind.HOW_SUPPLIED, ("16 HOW SUPPLIED",), "storage"),
        (SectionKind.OTHER, ("Purpose",), "other"),
    ],
)
def test_headings_and_kind_name_the_slot(kind: SectionKind, path: tuple[str, ...], slot: str) -> None:
    assert slot_of(kind, path) == slot


@pytest.mark.parametrize("kind", list(SectionKind))
def test_every_kind_has_a_slot(kind: SectionKind) -> None:
    assert slot_of(kind, ()) in slot_names()
