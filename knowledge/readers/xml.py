"""XML from outside, parsed without trust: no entities, no external references, no network, bounded depth."""

from __future__ import annotations

import re

from lxml import etree

from knowledge.errors import ContentFault

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_INCLUDE = "{http://www.w3.org/2001/XInclude}"


def parse(data: bytes, place: str) -> etree._Element:
    """The root element. ContentFault for a declaration of types or entities, an inclusion, or broken XML.

    A label needs none of these: an SPL has no DOCTYPE, so the first sign of one is refused rather than resolved.
    """
    refuse_declarations(data, place)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ContentFault(_at(place, error), f"is no well-formed XML: {error.msg}; get a complete copy") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ContentFault(place, "declares a DOCTYPE; it is refused, remove the declaration")
    if next(root.iter(f"{_INCLUDE}*"), None) is not None:
        raise ContentFault(place, "includes other files (XInclude); these are refused, inline them first")
    return root


def refuse_declarations(data: bytes, place: str) -> None:
    """ContentFault when XML bytes declare types or entities, whose resolving could read files or fill the memory."""
    if _DOCTYPE.search(_ascii_view(data)):
        raise ContentFault(place, "declares a DOCTYPE or entities; these are refused, remove the declaration")


def _ascii_view(data: bytes) -> bytes:
    """UTF-16 and UTF-32 hide ASCII behind zero bytes; without those a declaration shows in any encoding."""
    return data.replace(b"\x00", b"")


def _at(place: str, error: etree.XMLSyntaxError) -> str:
    line = error.lineno
    return f"{place}:{line}" if line else place
