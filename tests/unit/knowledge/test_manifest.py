"""content.yaml: what is wrong is named by file and line, all of it at once, and the rest goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.manifest import Manifest, read_manifest
from knowledge.models import Audience, ContentStatus, PermittedUse

DEFAULTS = """\
defaults:
  status: approved
  market: US
  language: en
  audience: [rep, medical]
  type: label
  approval_id: MLR-1
  effective_from: 2026-01-01
  expires_on: 2027-12-31
"""


def manifest(folder: Path, text: str) -> Manifest:
    (folder / "a.md").write_text("# A\n\nText.\n")
    (folder / "content.yaml").write_text(text)
    return read_manifest(folder / "content.yaml")


def lines(found: Manifest) -> list[str]:
    return [str(fault).removeprefix(f"{found.path.parent}/") for fault in found.faults]


def test_defaults_stand_in_and_a_document_overrides(tmp_path: Path) -> None:
    found = manifest(
        tmp_path,
        DEFAULTS + "documents:\n  - {file: a.md, id: ABC, version: 1.10, products: [A], market: [US, CA], use: show}\n",
    )
    assert found.faults == ()
    [entry] = found.entries
    assert (entry.id, entry.version, entry.file) == ("abc", "1.10", tmp_path / "a.md")
    assert entry.approval.markets == {"US", "CA"}
    assert entry.approval.audiences == {Audience.REP, Audience.MEDICAL}
    assert entry.approval.uses == {PermittedUse.SHOW}
    assert entry.approval.status is ContentStatus.APPROVED
    assert entry.place.endswith("content.yaml:11")


def test_what_a_rep_may_do_is_internal_unless_it_is_said(tmp_path: Path) -> None:
    [entry] = manifest(tmp_path, DEFAULTS + "documents:\n  - {file: a.md, products: [A]}\n").entries
    assert entry.approval.uses == {PermittedUse.INTERNAL}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{file: a.md, products: [A], colour: red}", "content.yaml:11: colour: no such field; there is: approval_id"),
        ("{file: gone.md, products: [A]}", "content.yaml:11: file: 'gone.md' is not there"),
        ("{file: ../a.md, products: [A]}", "content.yaml:11: file: '../a.md' lies outside this folder"),
        ("{file: a.md}", "content.yaml:11: products: is missing"),
        ("{file: a.md, products: []}", "content.yaml:11: products:"),
        ('{file: a.md, products: ["*"]}', "content.yaml:11: products: name the products"),
        ("{file: a.md, products: [A], expires_on: 2026-13-45}", "content.yaml:11: expires_on: '2026-13-45' is no date"),
        ("{file: a.md, products: [A], expires_on: soon}", "content.yaml:11: expires_on: 'soon' is no date"),
        ("{file: a.md, products: [A], expires_on: 2025-01-01}", "content.yaml:11: expires_on 2025-01-01 lies before"),
        ("{file: a.md, products: [A], status: aproved}", "content.yaml:11: status: 'aproved' is none of"),
        ("{file: a.md, products: [A], status: expired}", "content.yaml:11: status: 'expired' follows from dates"),
        ("{file: a.md, products: [A], market: Texas}", "content.yaml:11: market: 'Texas' is no ISO 3166"),
        ("{file: a.md, products: [A], language: english!}", "content.yaml:11: language: 'english!' is no language"),
        ("{file: a.md, products: [A], approval_id: }", "content.yaml:11: approval_id: is missing"),
        ("{file: a.md, id: x, products: [A], supersedes: X}", "content.yaml:11: supersedes: names the document itself"),
        ("just text", "content.yaml:11: a document must be fields and values"),
        ("{file: a.md, file: a.md}", "content.yaml:11: file: stands here twice"),
    ],
)
def test_each_mistake_is_one_line_with_its_place(tmp_path: Path, line: str, expected: str) -> None:
    found = manifest(tmp_path, DEFAULTS + f"documents:\n  - {line}\n")
    assert found.entries == ()
    assert len(found.faults) == 1
    assert lines(found)[0].startswith(expected)


def test_the_rest_goes_on(tmp_path: Path) -> None:
    found = manifest(
        tmp_path,
        DEFAULTS
        + "documents:\n  - {file: gone.md, products: [A]}\n  - {file: a.md, products: [A]}\n"
        + "  - {file: a.md, products: [A], type: poem}\n",
    )
    assert [entry.file.name for entry in found.entries] == ["a.md"]
    assert [line.split(" ")[0] for line in lines(found)] == ["content.yaml:11:", "content.yaml:13:"]


def test_a_wrong_default_is_named_once_where_it_stands(tmp_path: Path) -> None:
    text = DEFAULTS.replace("market: US", "market: Texas").replace("language: en", "language: en\n  colour: red")
    found = manifest(tmp_path, text + "documents:\n  - {file: a.md, products: [A]}\n  - {file: a.md, products: [B]}\n")
    assert [line.split(" ")[0] for line in lines(found)] == ["content.yaml:5:", "content.yaml:3:"]


def test_one_id_and_version_twice(tmp_path: Path) -> None:
    line = '  - {file: a.md, id: A1, version: "2", products: [A]}\n'
    found = manifest(tmp_path, DEFAULTS + "documents:\n" + line + line.replace("A1", "a1"))
    assert len(found.entries) == 1
    assert lines(found)[0].startswith("content.yaml:12: a1 version 2 stands already at")


def test_a_draft_needs_no_approval_id(tmp_path: Path) -> None:
    text = (
        DEFAULTS.replace("  approval_id: MLR-1\n", "") + "documents:\n  - {file: a.md, products: [A], status: draft}\n"
    )
    assert manifest(tmp_path, text).faults == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "content.yaml:1: the file must hold"),
        ("documents: 5", "content.yaml:1: documents: must be a list"),
        ("- a\n- b", "content.yaml:1: the file must hold"),
        ("papers: []\n", "content.yaml:1: papers: no such field"),
        ("documents: [\n", "content.yaml:2: is not YAML"),
        ("documents: []\ndefaults: 5\n", "content.yaml:2: defaults: must be"),
        ("a: \t- b: {", "content.yaml:1: is not YAML"),
        ("x: " + "[" * 5000, "content.yaml: is nested too deeply"),
    ],
)
def test_a_file_of_another_shape(tmp_path: Path, text: str, expected: str) -> None:
    found = manifest(tmp_path, text)
    assert lines(found)[0].startswith(expected)


def test_anchors_that_describe_a_huge_value_are_refused(tmp_path: Path) -> None:
    levels = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    levels += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "describes more than" in lines(manifest(tmp_path, "\n".join(levels)))[0]


def test_not_text_and_not_there(tmp_path: Path) -> None:
    (tmp_path / "content.yaml").write_bytes(b"\xff\xfe\x00documents")
    assert "is not UTF-8 text" in lines(read_manifest(tmp_path / "content.yaml"))[0]
    assert "cannot be read" in lines(read_manifest(tmp_path / "no" / "content.yaml"))[0]
