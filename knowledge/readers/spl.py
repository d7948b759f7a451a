"""FDA structured product labeling: the XML every US label comes in.

What is read: the nested sections of the structured body with their LOINC codes, and what the file says of itself. What
is left out: highlights (they repeat the sections), recent changes, the product data elements, pictures. Footnotes that
stand inside a table cell stay there in brackets: a row then reads as the approved text has it.
"""

from __future__ import annotations

from datetime import date, datetime

from lxml import etree

from knowledge.errors import ContentFault
from knowledge.models import ReadFile
from knowledge.readers.drafting import Outline, clean
from knowledge.readers.spl_text import inline, read_text
from knowledge.sections import PRODUCT_DATA, RECENT_CHANGES

_LEFT_OUT = frozenset({PRODUCT_DATA, RECENT_CHANGES})
_ACTIVE = frozenset({"ACTIB", "ACTIM", "ACTIR"})
_AIDS = frozenset({"isopropyl alcohol", "alcohol", "benzalkonium chloride", "povidone-iodine", "water"})
_BOILERPLATE = ("these highlights do not include",)
_MAX_DEPTH = 40

Element = etree._Element


def is_spl(root: Element) -> bool:
    """Whether an XML document is an SPL: HL7's namespace and element."""
    return etree.QName(root).namespace == "urn:hl7-org:v3" and etree.QName(root).localname == "document"


def read_spl(root: Element, place: str) -> ReadFile:
    """An SPL's sections and facts; `place` names the file in faults."""
    outline = Outline()
    for section in root.findall("{*}component/{*}structuredBody/{*}component/{*}section"):
        _read_section(section, outline, 1, place)
    sections = outline.finish()
    if not sections:
        raise ContentFault(place, "this SPL holds no section with text; ask for a complete copy of the label")
    names = _names(root)
    return ReadFile(
        sections=sections,
        title=_title(root, names),
        document_id=_attribute(root, "{*}setId", "root").lower() or None,
        version=_attribute(root, "{*}versionNumber", "value") or None,
        effective_from=_date(_attribute(root, "{*}effectiveTime", "value")),
        language=_attribute(root, "{*}languageCode", "code") or None,
        names=names,
    )


def _read_section(section: Element, outline: Outline, level: int, place: str) -> None:
    if level > _MAX_DEPTH:
        raise ContentFault(place, f"sections are nested more than {_MAX_DEPTH} deep; the file is damaged or hostile")
    code = _attribute(section, "{*}code", "code")
    if code in _LEFT_OUT:
        return
    title = section.find("{*}title")
    draft = outline.open(level, inline(title) if title is not None else "", code=code or None, strict=True)
    for text in section.findall("{*}text"):
        read_text(text, draft)
    for child in section.findall("{*}component/{*}section"):
        _read_section(child, outline, level + 1, place)


def _attribute(parent: Element, path: str, name: str) -> str:
    found = parent.find(path)
    return clean(found.get(name) or "") if found is not None else ""


def _date(value: str) -> date | None:
    try:
        return datetime.strptime(value[:8], "%Y%m%d").date()
    except ValueError:
        return None


def _names(root: Element) -> tuple[str, ...]:
    """Brand, generic and active substances, in that order, each once."""
    found: list[str] = []
    for path in ("manufacturedProduct/{*}name", "partProduct/{*}name", "genericMedicine/{*}name"):
        found += [_spoken(name) for name in root.iterfind(f".//{{*}}{path}") if not _in_aid(name)]
    for ingredient in root.iterfind(".//{*}ingredient"):
        if ingredient.get("classCode") in _ACTIVE and not _in_aid(ingredient):
            found += [_spoken(name) for name in ingredient.iterfind("{*}ingredientSubstance/{*}name")]
    once: dict[str, str] = {}
    for name in filter(None, found):
        once.setdefault(name.casefold(), name)
    return tuple(once.values())


def _spoken(name: Element) -> str:
    return clean(" ".join(str(part) for part in name.itertext()))


def _in_aid(element: Element) -> bool:
    """Whether an element belongs to a kit's swab or diluent rather than to the drug."""
    part = next((above for above in element.iterancestors() if etree.QName(above).localname == "part"), None)
    if part is None:
        return False
    active = [i for i in part.iterfind(".//{*}ingredient") if i.get("classCode") in _ACTIVE]
    substances = {_spoken(n).casefold() for i in active for n in i.iterfind("{*}ingredientSubstance/{*}name")}
    return substances <= _AIDS


def _title(root: Element, names: tuple[str, ...]) -> str | None:
    """The document's own title without the boilerplate of highlights; failing that, its product's name."""
    title = root.find("{*}title")
    lines = [clean(line) for line in inline(title, breaks="\n").split("\n")] if title is not None else []
    own = next((line for line in lines if line and not line.casefold().startswith(_BOILERPLATE)), None)
    if not names:
        return own
    if own is None:
        return f"{names[0]} prescribing information"
    return own if any(name.casefold() in own.casefold() for name in names) else f"{names[0]}: {own}"
