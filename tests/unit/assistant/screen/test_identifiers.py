from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("message", "redacted"),
    [
        ("PA for patient Olga Brandt, dob 3/9/61, denied", "PA for patient [NAME], dob [DOB], denied"),
        ("pt MRN 7788123 is back on Cardinexa", "pt MRN [MRN] is back on Cardinexa"),
        ("pt K.L. (71M) fell twice", "pt [INITIALS] (71M) fell twice"),
        ("Mr. Albrecht in bed 9 had hives", "Mr. [NAME] in bed [ROOM] had hives"),
        ("病人林阿珠 病歷號 5512093 頭暈", "病人[NAME] 病歷號 [MRN] 頭暈"),
        ("Patientin Ilse Brenner, geb. 4.5.1951, gestürzt", "Patientin [NAME], geb. [DOB], gestürzt"),
        ("patiente Odile Marchand née le 12/03/1950, vertiges", "patiente [NAME] née le [DOB], vertiges"),
    ],
)
def test_what_tells_a_patient_is_replaced_by_its_kind(screen, message, redacted):
    assert screen.screen(message).redacted == redacted


@pytest.mark.parametrize(
    "message",
    [
        "Lunch with Dr. Helen Prakash and her nurse Carol, call the office at 555-010-7788",
        "pharmacist Victor Stone wants the storage card by email v.stone@pharmacy.example",
        "Brief me on Laura Mendel at Northgate, seeing her at 2",
        "Frau Dr. Vogel möchte die Studie, Termin am 12.11.",
        "護理師陳小姐說主任週三才在",
        "Mme Carlier, secrétaire, gère les rendez-vous du Dr Noël",
    ],
)
def test_those_who_treat_keep_their_names(screen, message):
    result = screen.screen(message)
    assert result.redacted == message
    assert not result.contains_patient_identifier


def test_a_later_mention_of_the_name_goes_too(screen):
    redacted = screen.screen("pt Harriet Oldfield, dob 2/2/1949, fell. Dr. Kim called Harriet twice.").redacted
    assert "Harriet" not in redacted
    assert "Oldfield" not in redacted
    assert "Dr. Kim" in redacted


def test_evidence_cut_from_the_redacted_text_holds_no_identifier(screen):
    result = screen.screen("patient Harriet Oldfield had a seizure on Cardinexa", "rep", ["Cardinexa"])
    found = result.findings[0]
    assert found.evidence == result.text[found.start : found.end]
    assert "Oldfield" not in result.redacted_between(found.start, found.end)
