"""The age of the patient a question is about, in years, where it says so."""

from __future__ import annotations

import re

_YEARS = re.compile(
    r"(?<![\d.])(\d{1,3})\s*[- ]?\s*"
    r"(?:y/?o\b|yo\b|(?:yrs?|years?)[- ]?olds?\b|years? of age|歲|岁|ans\b|jährig\w*|jahre\b)",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    r"(?<![\d.])(\d{1,2})\s*[- ]?(?:months?[- ]old|mos?[- ]old|個月大|mois\b|monate alt)", re.IGNORECASE
)
_NAMED = (
    (1, r"\b(?:newborn|neonate|infant|baby|toddler|nouveau-né|nourrisson|säugling)s?\b|新生兒|嬰兒"),
    (8, r"\b(?:kids?|child|children|peds|enfants?|kind|kinder)\b|小朋友|兒童|小孩"),
    (15, r"\b(?:teens?|teenagers?|adolescents?|ados?|jugendliche[rn]?)\b|青少年"),
)


def patient_age(text: str) -> float | None:
    """The lowest age named, in years; a word like "toddler" or "teen" stands for a typical one; None when none is."""
    if months := [int(found) / 12 for found in _MONTHS.findall(text)]:
        return min(months)
    if years := [float(found) for found in _YEARS.findall(text) if int(found) <= 120]:
        return min(years)
    named = [age for age, pattern in _NAMED if re.search(pattern, text, re.IGNORECASE)]
    return float(min(named)) if named else None
