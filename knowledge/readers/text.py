"""Bytes to text: UTF-8 first, then what the bytes themselves betray, never with a replacement character in between."""

from __future__ import annotations

import codecs

from knowledge.errors import ContentFault

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CJK_SHARE = 0.2


def decode(data: bytes, place: str) -> str:
    """The text of a file. ContentFault when it is in no encoding that can be told with confidence."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, encoding, place)
    if b"\x00" in data:
        return _strict(data, _utf16_without_bom(data, place), place)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error
    if len(data) - broken.start < 4:
        raise ContentFault(place, f"ends in the middle of a character (byte {broken.start}); get a complete copy")
    return _legacy(data, place, broken.start)


def _strict(data: bytes, encoding: str, place: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ContentFault(place, f"is no valid {encoding.upper()} at byte {error.start}; save it as UTF-8") from error
    if "\x00" in text:
        raise ContentFault(place, "holds NUL characters; save it as UTF-8 text")
    return text


def _utf16_without_bom(data: bytes, place: str) -> str:
    """Western text in UTF-16 has a zero in every second byte; anything else with zeros is no text."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and odd > 0.4 * len(data) / 2 and even == 0:
        return "utf-16-le"
    if len(data) % 2 == 0 and even > 0.4 * len(data) / 2 and odd == 0:
        return "utf-16-be"
    raise ContentFault(place, f"holds NUL bytes (the first at byte {data.index(0)}); it is no text, replace the file")


def _legacy(data: bytes, place: str, at: int) -> str:
    """Big5 when nearly all high bytes pair up into common Chinese, else Windows-1252 when it has no undefined byte."""
    candidates = []
    for encoding in ("cp950", "cp1252"):
        try:
            candidates.append((encoding, data.decode(encoding)))
        except UnicodeDecodeError:
            continue
    for encoding, text in candidates:
        if encoding == "cp950" and _chinese(text):
            return text
        if encoding == "cp1252" and _western(text):
            return text
    raise ContentFault(place, f"is in no known encoding (not UTF-8 at byte {at}); save it as UTF-8")


def _chinese(text: str) -> bool:
    """Runs of two and more CJK characters: Western text misread as Big5 gives single ones between ASCII letters."""
    wide = [i for i, ch in enumerate(text) if ord(ch) > 0x7F]
    paired = sum(1 for i in wide if (i and ord(text[i - 1]) > 0x7F) or (i + 1 < len(text) and ord(text[i + 1]) > 0x7F))
    common = sum(1 for i in wide if "\u4e00" <= text[i] <= "\u9fff" or text[i] in "，。、；：？！「」（）％～")
    return bool(wide) and paired > 0.8 * len(wide) and common > 0.8 * len(wide)


def _western(text: str) -> bool:
    """Letters and typographic marks among the high characters, and few of them: prose, not bytes at random."""
    high = [ch for ch in text if ord(ch) > 0x7F]
    usual = sum(1 for ch in high if ch.isalpha() or ch in "°®©™±µ·«»–—‘’“”…•€£§²³¹½¼¾×÷†‡¿¡\u00a0")
    control = sum(1 for ch in text if ord(ch) < 32 and ch not in "\t\r\n\f")
    return control == 0 and usual > 0.9 * len(high) and len(high) < 0.3 * len(text)
