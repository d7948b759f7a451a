"""Office files are ZIP archives from outside: looked at before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

from knowledge.errors import ContentFault
from knowledge.readers.xml import refuse_declarations

MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 10_000
_SMALL = 1024 * 1024

_PARTS = {"DOCX": "word/document.xml", "PPTX": "ppt/presentation.xml", "XLSX": "xl/workbook.xml"}


def kind_of_archive(data: bytes) -> str:
    """Which Office format a ZIP holds, "a ZIP archive" when none, "a damaged ZIP archive" when it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "a damaged ZIP archive"
    return next((kind for kind, part in _PARTS.items() if part in names), "a ZIP archive")


def check_archive(data: bytes, place: str) -> None:
    """Refuse what would unpack to too much, is encrypted, is damaged, or declares entities in one of its parts.

    The directory may lie about sizes, so every member is read through once, never further than it claims.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_sizes(members, len(data), place)
            for member in members:
                _check_member(archive, member, place)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise ContentFault(place, f"is a damaged archive ({error}); get a complete copy") from error


def _check_sizes(members: list[zipfile.ZipInfo], packed: int, place: str) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise ContentFault(place, f"holds {len(members):,} parts, more than {MAX_MEMBERS:,}; save it anew")
    if total > MAX_UNPACKED or (total > _SMALL and total > MAX_RATIO * packed):
        raise ContentFault(place, f"would unpack from {packed:,} to {total:,} bytes; refused as a zip bomb")


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str) -> None:
    if member.flag_bits & 0x1:
        raise ContentFault(place, "is encrypted; save it without a password")
    with archive.open(member) as part:
        data = part.read(member.file_size + 1)
    if len(data) > member.file_size:
        raise ContentFault(place, f"unpacks to more than it says ({member.filename}); refused as a zip bomb")
    if member.filename.endswith((".xml", ".rels")):
        refuse_declarations(data, place)
