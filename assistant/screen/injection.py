"""Instructions aimed at the assistant: said openly, hidden in marks and comments, spelled apart or encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from assistant.screen.errors import ScreenDataError
from assistant.screen.text import Reading, fold

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){16,}")
_SPACED = re.compile(r"(?:\b\w[ ._-]){7,}\w\b")
_PRINTABLE = 0.85
_LONGEST_DECODED = 4000


@dataclass(frozen=True, slots=True)
class InjectionPattern:
    """One way of telling the assistant what to do, and why it counts."""

    name: str
    why: str
    score: float
    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text found hidden at `[start, end)` of the original."""

    start: int
    end: int
    text: str
    how: str


@lru_cache(maxsize=1)
def injection_patterns() -> tuple[InjectionPattern, ...]:
    """The patterns of injection.toml, checked; raises ScreenDataError."""
    text = resources.files("assistant.screen").joinpath("data", "injection.toml").read_text("utf-8")
    made = []
    for entry in tomllib.loads(text)["pattern"]:
        try:
            made.append(
                InjectionPattern(entry["name"], entry["why"], float(entry["score"]), re.compile(entry["pattern"]))
            )
        except (KeyError, re.error) as error:
            raise ScreenDataError(f"injection.toml: {entry.get('name', entry)}: {error}") from error
    return tuple(made)


def pattern_hits(folded: str) -> Iterator[tuple[InjectionPattern, int, int]]:
    """(pattern, start, end) in folded text."""
    for pattern in injection_patterns():
        for match in pattern.expression.finditer(folded):
            yield pattern, match.start(), match.end()


def hidden_texts(reading: Reading) -> Sequence[Decoded]:
    """What base64, hex, rot13 and letters spaced apart say, where they say anything readable."""
    text = reading.original
    found = [
        Decoded(m.start(), m.end(), said, "base64") for m in _BASE64.finditer(text) if (said := _base64(m.group()))
    ]
    found += [
        Decoded(m.start(), m.end(), said, "hexadecimal") for m in _HEX.finditer(text) if (said := _hex(m.group()))
    ]
    for match in _SPACED.finditer(reading.folded):
        start, end = reading.origin_span(match.start(), match.end())
        found.append(Decoded(start, end, re.sub(r"[ ._-]", "", match.group()), "letters set apart"))
    if "rot13" in reading.folded or "rot 13" in reading.folded:
        found.append(Decoded(0, len(text), codecs.decode(text, "rot13"), "rot13"))
    return found


def _base64(run: str) -> str:
    body = run.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return _readable(raw)


def _hex(run: str) -> str:
    digits = re.sub(r"[ :]", "", run)
    return _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _readable(raw: bytes) -> str:
    try:
        said = raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    plain = sum(c.isalpha() or c in " .,:;!?'\n" for c in said)
    return said[:_LONGEST_DECODED] if said and plain / len(said) >= _PRINTABLE else ""


def squeezed(text: str) -> str:
    """Letters only, folded: for patterns over text whose spaces cannot be trusted."""
    return re.sub(r"[^a-z]", "", fold(text)[0])
