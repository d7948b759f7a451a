"""The names of its product that a free document tells: "BRAND® (generic)", as labels and aids introduce it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from knowledge.models import Section, SectionKind

_INTRODUCED = re.compile(
    r"(?P<brand>[A-Z][A-Za-z0-9-]{2,}(?: [A-Z][A-Za-z0-9-]+)?)\s?(?:[®™]\s?)?(?:[\[(][^\])]{2,40}[\])]\s?)?"
    r"\((?P<generic>[a-z][a-z]{3,}(?:-[a-z]{4})?(?: [a-z]{4,}){0,3})\)"
)
_IS_A = re.compile(r"(?P<name>[A-Z][a-z]{5,}(?:-[a-z]{4})?),? (?:is|are) an? ")
_SUBSTANCE_SECTIONS = frozenset({SectionKind.CLINICAL_PHARMACOLOGY, SectionKind.DESCRIPTION})
_SHARE_OF_SECTIONS = 0.3


def names_in(title: str | None, sections: Iterable[Section]) -> tuple[str, ...]:
    """Brand and generic name, most often introduced first; () when the document introduces none of its own.

    A brand is the document's own when its title names it or a good part of its sections do; others are introduced too.
    """
    told = list(sections)
    pairs: Counter[tuple[str, str]] = Counter()
    for text in [title or "", *(f"{section.title}\n{section.text}" for section in told)]:
        pairs.update((found["brand"], found["generic"]) for found in _INTRODUCED.finditer(text))
    for (brand, generic), _ in pairs.most_common():
        if _is_own(brand, title or "", told):
            return (brand, generic)
    return _described(told)


def _described(sections: Sequence[Section]) -> tuple[str, ...]:
    """The substance whose mechanism or description a label gives ("Xabanib is an inhibitor ..."), named throughout."""
    for section in sections:
        found = _IS_A.match(section.text) if section.kind in _SUBSTANCE_SECTIONS else None
        if found:
            name = found["name"].casefold()
            naming = sum(name in other.text.casefold() for other in sections)
            if naming > _SHARE_OF_SECTIONS * len(sections):
                return (name,)
    return ()


def _is_own(brand: str, title: str, sections: Sequence[Section]) -> bool:
    if brand.casefold() in title.casefold():
        return True
    naming = sum(brand in section.text for section in sections)
    return brand.isupper() and naming > _SHARE_OF_SECTIONS * len(sections)
