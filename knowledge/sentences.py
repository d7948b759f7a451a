"""Where a sentence ends, in English, French, German and Chinese, in text full of abbreviations and figures.

Labels are hard on naive splitters: "0.5 mg", "e.g., CYP3A4", "[see Warnings (5.1)]. Monitor", "vitamin K. Avoid".
Offsets refer to the text as it is, so that a quote stays exact.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_STOP = re.compile(
    r"(?P<cjk>[。！？]+[」』）】”’\"')\]]*)|(?P<latin>[.!?…]+[\"'”’»)\]]*)(?=\s|$)|(?P<line>[^\S\n]*\n\s*)"
)
_OPENS = re.compile(r"[\s\"'“‘«(\[•▪-]*(?P<first>\S)")
_LAST_WORD = re.compile(r"(?P<before>\S+\s+)?[(\[\"'“]*(?P<word>[^\s(\[\"'“]+)$")
_LIST_NUMBER = re.compile(r"[\s\-•(]*(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivxIVX]{1,4})\.$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence stands in `text`: `[start, end)` without surrounding blanks, in order, none empty.

    A line break always ends a sentence, since blocks stand on lines of their own.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        if match.lastgroup == "latin" and not _ends_sentence(text, start, match):
            continue
        end = match.start() if match.lastgroup == "line" else match.end()
        _add(spans, text, start, end)
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def sentences(text: str) -> list[str]:
    """The sentences of a text, each an exact substring of it."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if stripped := piece.strip():
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, left + len(stripped)))


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    following = _OPENS.match(text, match.end())
    if following is None:
        return True
    first = following["first"]
    if first.islower():
        return False
    if match.group()[0] != "." or match.group().startswith(".."):
        return True
    return not _is_abbreviation(text[max(start, match.start() - 60) : match.start()], text[start : match.start() + 1])


def _is_abbreviation(before: str, sentence: str) -> bool:
    last = _LAST_WORD.search(before)
    if last is None:
        return True
    word = last["word"]
    if word.lower() in _listed()["abbreviations"] or _LIST_NUMBER.fullmatch(sentence):
        return True
    return len(word) == 1 and word.isalpha() and not _takes_letter(last["before"])


def _takes_letter(before: str | None) -> bool:
    """Whether a lone letter belongs to the word before it ("hepatitis B.") and is no initial ("J. Smith")."""
    return before is not None and before.strip().strip("(").lower() in _listed()["takes_letter"]


@cache
def _listed() -> dict[str, frozenset[str]]:
    lists = tomllib.loads((files("knowledge") / "sentences.toml").read_text(encoding="utf-8"))
    return {name: frozenset(listed.split()) for name, listed in lists.items()}
