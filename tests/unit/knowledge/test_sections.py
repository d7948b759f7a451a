"""Numbers and titles of headings, and the part of the standard form they open."""

from __future__ import annotations

import pytest

from knowledge.models import SectionKind
from knowledge.sections import Form, form_of, kind_of, kind_of_title, names_part, split_heading

HEADINGS = {
    "2.1 Adult Dosage": ("2.1", "Adult Dosage"),
    "1 INDICATIONS AND USAGE": ("1", "INDICATIONS AND USAGE"),
    "4. CLINICAL PARTICULARS": ("4", "CLINICAL PARTICULARS"),
    "2.4Dosage in Adults": ("2.4", "Dosage in Adults"),
    "12.1 Mechanism of action": ("12.1", "Mechanism of action"),
    "13.1 carcinogenesis": ("13.1", "carcinogenesis"),
    "3.1 Tablets": ("3.1", "Tablets"),
    "Section 5.2 Bleeding": ("5.2", "Bleeding"),
    "2 用法用量": ("2", "用法用量"),
    "6.1": ("6.1", ""),
    "20 mg Tablets": (None, "20 mg Tablets"),
    "30 Tablets": (None, "30 Tablets"),
    "2.5 mg": (None, "2.5 mg"),
    "24 hours after the dose": (None, "24 hours after the dose"),
    "5% of patients": (None, "5% of patients"),
    "1-800-555-0100": (None, "1-800-555-0100"),
    "7": (None, "7"),
    "Absorption": (None, "Absorption"),
    "": (None, ""),
}


@pytest.mark.parametrize("heading", HEADINGS)
def test_number_and_title(heading: str) -> None:
    assert split_heading(heading) == HEADINGS[heading]


TITLES = {
    "WARNING: LACTIC ACIDOSIS": SectionKind.BOXED_WARNING,
    "Boxed Warning": SectionKind.BOXED_WARNING,
    "加框警語": SectionKind.BOXED_WARNING,
    "Important Safety Information": SectionKind.IMPORTANT_SAFETY_INFORMATION,
    "Important Safety Information (continued)": SectionKind.IMPORTANT_SAFETY_INFORMATION,
    "重要安全性資訊": SectionKind.IMPORTANT_SAFETY_INFORMATION,
    "Informations importantes de sécurité": SectionKind.IMPORTANT_SAFETY_INFORMATION,
    "Wichtige Sicherheitsinformationen": SectionKind.IMPORTANT_SAFETY_INFORMATION,
    "Indications": SectionKind.INDICATIONS,
    "INDICATIONS AND USAGE": SectionKind.INDICATIONS,
    "Therapeutic indications": SectionKind.INDICATIONS,
    "適應症": SectionKind.INDICATIONS,
    "Indications thérapeutiques": SectionKind.INDICATIONS,
    "Anwendungsgebiete": SectionKind.INDICATIONS,
    "Gegenanzeigen": SectionKind.CONTRAINDICATIONS,
    "Contre-indications": SectionKind.CONTRAINDICATIONS,
    "Effets indésirables": SectionKind.ADVERSE_REACTIONS,
    "Undesirable effects": SectionKind.ADVERSE_REACTIONS,
    "How supplied": SectionKind.HOW_SUPPLIED,
    "Instructions for Use": SectionKind.INSTRUCTIONS_FOR_USE,
    "Why SOLVANTA": None,
    "Overview": None,
}


@pytest.mark.parametrize("title", TITLES)
def test_the_part_a_title_names(title: str) -> None:
    assert kind_of_title(title) is TITLES[title]


def test_a_line_that_points_to_safety_information_is_not_its_heading() -> None:
    assert names_part("Important Safety Information")
    assert names_part("WARNING: RISK OF SERIOUS BLEEDING AND OF EVENTS AFTER STOPPING TOO EARLY, WHICH MAY BE FATAL")
    assert not names_part("Please see Important Safety Information on page 4")
    assert not names_part("See Boxed Warning")
    assert not names_part("The most common side effects are below.")


def test_the_same_number_means_what_its_form_says() -> None:
    us = form_of([("1", "INDICATIONS AND USAGE"), ("4", "CONTRAINDICATIONS"), ("5.1", "Bleeding")])
    eu = form_of([("4.1", "Therapeutic indications"), ("4.3", "Contraindications")])
    assert (us, eu, form_of([("1", "Why"), ("2", "How")])) == (Form.US, Form.EU, Form.FREE)
    assert kind_of(None, "4.1", "Hypersensitivity", form=us) is SectionKind.CONTRAINDICATIONS
    assert kind_of(None, "4.1", "Indications", form=eu) is SectionKind.INDICATIONS
    assert kind_of(None, "5.3", "Animals", form=eu, parent=SectionKind.CLINICAL_PHARMACOLOGY) is (
        SectionKind.NONCLINICAL_TOXICOLOGY
    )


def test_code_before_words_before_parent_before_number() -> None:
    dosage = SectionKind.DOSAGE
    assert kind_of("34068-7", "9", "Whatever") is dosage
    assert kind_of("42229-5", None, "Absorption", parent=SectionKind.CLINICAL_PHARMACOLOGY) is (
        SectionKind.CLINICAL_PHARMACOLOGY
    )
    assert kind_of(None, "10.1", "Trial 1", form=Form.US, parent=SectionKind.CLINICAL_STUDIES) is (
        SectionKind.CLINICAL_STUDIES
    )
    assert kind_of(None, "10", "臨床試驗", form=Form.US) is SectionKind.CLINICAL_STUDIES
    assert kind_of(None, "2.1", "Step up", form=Form.US) is dosage


def test_safety_information_keeps_its_own_warnings() -> None:
    safety = SectionKind.IMPORTANT_SAFETY_INFORMATION
    assert kind_of(None, None, "Warnings and Precautions", parent=safety) is safety
    assert kind_of(None, None, "Indication", parent=safety) is SectionKind.INDICATIONS
