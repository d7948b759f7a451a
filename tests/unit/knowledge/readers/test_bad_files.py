"""What bad files get: one clear line that names the file and the place, never a crash, a hang or a wrong reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import ContentFault
from knowledge.readers import opening, read
from tests.unit.knowledge.readers.files import Ink, archive, pdf, slides, spl, spl_section, word_file

LABEL = spl(spl_section("<paragraph>Take one.</paragraph>", code="34068-7", title="2 DOSAGE AND ADMINISTRATION"))
PAGE = [Ink(72, 100, "1 INDICATIONS AND USAGE", bold=True), Ink(72, 130, "SOLVANTA is indicated for adults.")]
BOMB = b"<w:document/>" + b" " * 60_000_000


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def fault(folder: Path, name: str, data: bytes) -> ContentFault:
    with pytest.raises(ContentFault) as caught:
        read(write(folder, name, data))
    assert caught.value.place.startswith(name)
    assert "\n" not in str(caught.value)
    return caught.value


BAD = {
    "nothing in it": ("a.md", b"", "is empty"),
    "blanks only": ("a.xml", b" \n\t ", "is empty"),
    "headings only": ("a.md", b"# Title\n\n## One\n", "no text"),
    "an unknown extension": ("a.rtf", b"{\\rtf1 x}", "are not read"),
    "no extension": ("label", b"text", "are not read"),
    "a PDF named Markdown": ("a.md", pdf([PAGE]), "holds PDF"),
    "Markdown named PDF": ("a.pdf", b"# Title\n\ntext", "holds text"),
    "a Word file named PowerPoint": ("a.pptx", word_file(), "holds DOCX"),
    "slides named Word": ("a.docx", slides(), "holds PPTX"),
    "HTML named XML": ("a.xml", b"<!doctype html><p>x</p>", "holds HTML"),
    "any ZIP named Word": ("a.docx", archive({"x.txt": b"x"}), "holds a ZIP archive"),
    "an encrypted Word file": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted Office"),
    "an encrypted PDF": ("a.pdf", pdf([PAGE], encrypted=True), "is encrypted"),
    "half a PDF": ("a.pdf", pdf([PAGE])[:400], "ends before its end mark"),
    "a PDF of noise": ("a.pdf", b"%PDF-1.4\n" + bytes(range(32, 127)) * 20 + b"\n%%EOF", "no readable PDF"),
    "a PDF without text": ("a.pdf", pdf([[]]), "no text"),
    "a PDF of 2,000 pages": ("a.pdf", pdf([PAGE] * 2000), "2,000 pages"),
    "half a Word file": ("a.docx", word_file()[:2000], "damaged ZIP"),
    "half an SPL": ("a.xml", LABEL[:-60], "no well-formed XML"),
    "a Word file without its text": ("a.docx", archive({"word/document.xml": b"<x/>"}), "cannot be opened"),
    "a zip bomb": ("a.docx", archive({"word/document.xml": BOMB}), "zip bomb"),
    "XML that is no label": ("a.xml", b"<?xml version='1.0'?><note>x</note>", "no SPL label"),
    "a label without text": ("a.xml", spl(""), "no section with text"),
    "NULs": ("a.md", b"# Title\n\nte\x00xt", "NUL"),
    "bytes in no encoding": ("a.md", b"# Title\n\n" + bytes(range(128, 256)) * 4, "no known encoding"),
    "a cut character": ("a.md", "# Title\n\nabc é".encode()[:-1], "middle of a character"),
    "broken UTF-16": ("a.md", b"\xff\xfe#\x00T", "UTF-16"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_line_says_what_is_wrong(tmp_path: Path, name: str) -> None:
    file, data, words = BAD[name]
    assert words in fault(tmp_path, file, data).what


HOSTILE = {
    "an entity": '<!DOCTYPE d [<!ENTITY x "boom">]>',
    "an external entity": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    "an external type": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a thousand laughs": '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declarations_are_refused_in_any_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    text = spl(spl_section("<paragraph>Take &#49;.</paragraph>"), head=HOSTILE[name]).decode()
    data = text.replace("UTF-8", encoding.upper()).encode(encoding)
    assert "refused" in fault(tmp_path, "label.xml", data).what


def test_an_inclusion_is_refused(tmp_path: Path) -> None:
    body = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname" parse="text"/>'
    assert "XInclude" in fault(tmp_path, "label.xml", spl(spl_section(body))).what


def test_entities_inside_an_office_file_are_refused(tmp_path: Path) -> None:
    data = archive({"word/document.xml": b'<!DOCTYPE d [<!ENTITY x "boom">]><w/>'})
    assert "refused" in fault(tmp_path, "a.docx", data).what


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    section = ""
    for _ in range(60):
        section = spl_section("<paragraph>x</paragraph>", children=section)
    assert "deep" in fault(tmp_path, "label.xml", spl(section)).what
    deep = "<content>" * 5000 + "x" + "</content>" * 5000
    assert fault(tmp_path, "label.xml", spl(spl_section(deep)))
    page = b"<!doctype html><body>" + b"<div>" * 230 + b"x" + b"</div>" * 230
    assert "nested" in fault(tmp_path, "page.html", page).what


def test_a_line_is_named_where_xml_breaks(tmp_path: Path) -> None:
    broken = LABEL.replace(b"</paragraph>", b"</para>")
    assert fault(tmp_path, "label.xml", broken).place.startswith("label.xml:")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    for name in ("gone.md", "folder.md"):
        with pytest.raises(ContentFault, match="cannot be opened"):
            read(tmp_path / name)


def test_a_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_BYTES", 10)
    assert "more than the 10" in fault(tmp_path, "a.md", b"# Title\n\nlong enough").what


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Überdosierung bei 5 µg"),
        ("utf-8-sig", "Überdosierung bei 5 µg"),
        ("utf-16", "Überdosierung bei 5 µg"),
        ("utf-16-le", "Overdose above 5 mg, take care"),
        ("cp1252", "Überdosierung bei 5 µg – siehe “Hinweise”"),
        ("cp950", "重要安全性資訊：本藥可能引起頭暈，請勿駕駛。"),
    ],
)
def test_text_in_the_encodings_people_save_in(tmp_path: Path, encoding: str, text: str) -> None:
    found = read(write(tmp_path, "note.md", f"# Title\n\n{text}\n".encode(encoding)))
    assert found.sections[0].text == text


@pytest.mark.parametrize("name", ["LABEL.XML", "label.xml"])
def test_a_good_file_is_read_whatever_the_case_of_its_name(tmp_path: Path, name: str) -> None:
    assert read(write(tmp_path, name, LABEL)).version == "7"
