"""One way in for every file: what it is, whether it is what its name says, and which reader takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from knowledge.errors import ContentFault
from knowledge.models import ReadFile
from knowledge.readers.archive import kind_of_archive
from knowledge.readers.html import read_html
from knowledge.readers.markdown import read_markdown
from knowledge.readers.naming import names_in
from knowledge.readers.office import read_docx, read_pptx
from knowledge.readers.pdf import read_pdf
from knowledge.readers.spl import is_spl, read_spl
from knowledge.readers.text import decode
from knowledge.readers.xml import parse

MAX_BYTES = 100 * 1024 * 1024

_EXTENSIONS = {
    ".xml": "XML",
    ".md": "text",
    ".markdown": "text",
    ".txt": "text",
    ".html": "HTML",
    ".htm": "HTML",
    ".pdf": "PDF",
    ".docx": "DOCX",
    ".pptx": "PPTX",
}
_SUPPORTED = "SPL XML, PDF, DOCX, PPTX, HTML and Markdown"


def read(path: Path) -> ReadFile:
    """Sections and facts of one file. ContentFault, naming the file, when it cannot be read or is not what it says."""
    place = path.name
    expected = _EXTENSIONS.get(path.suffix.lower())
    if expected is None:
        raise ContentFault(place, f"files named {path.suffix or 'without an extension'} are not read; use {_SUPPORTED}")
    data = _bytes(path, place)
    found = sniff(data)
    if found != expected:
        raise ContentFault(place, f"named {path.suffix} but holds {found}; give it its right name or replace the file")
    file = _READERS[expected](data, place)
    return file if file.names else replace(file, names=names_in(file.title, file.sections))


def _bytes(path: Path, place: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ContentFault(place, f"has {size:,} bytes, more than the {MAX_BYTES:,} that are read; split the file")
        data = path.read_bytes()
    except OSError as error:
        raise ContentFault(place, f"cannot be opened: {error.strerror or error}; check path and permissions") from error
    if not data.strip():
        raise ContentFault(place, "is empty; replace the file")
    return data


def sniff(data: bytes) -> str:
    """What the bytes are, in words a person would use."""
    head = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, name in ((b"%PDF-", "PDF"), (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file")):
        if head.startswith(magic):
            return name
    if head.startswith(b"PK\x03\x04"):
        return kind_of_archive(data)
    lowered = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"").lower().lstrip()
    if lowered.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    if lowered.startswith(b"<?xml"):
        return "HTML" if b"<html" in lowered else "XML"
    return "text"


def _read_xml(data: bytes, place: str) -> ReadFile:
    root = parse(data, place)
    if not is_spl(root):
        raise ContentFault(place, f"is XML but no SPL label (its root is <{root.tag}>); only SPL XML is read")
    return read_spl(root, place)


_READERS: dict[str, Callable[[bytes, str], ReadFile]] = {
    "XML": _read_xml,
    "text": lambda data, place: read_markdown(decode(data, place), place),
    "HTML": read_html,
    "PDF": read_pdf,
    "DOCX": read_docx,
    "PPTX": read_pptx,
}
