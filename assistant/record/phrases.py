"""The record's own words, in the reader's language. What others wrote is quoted, never translated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

_LONGEST_QUOTE = 150


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's catalogue; a phrase it lacks is taken from English, so a line is never empty."""

    language: str
    own: Mapping[str, str]
    fallback: Mapping[str, str]

    def say(self, key: str, **fields: object) -> str:
        """A phrase with its fields filled in."""
        return self._find(key).format(**fields)

    def channel(self, channel: str) -> str:
        """A channel's name; one without a phrase as it is."""
        return self._find(f"channel_{channel}", channel.replace("_", " "))

    def role(self, role: str) -> str:
        """A function's name."""
        return self._find(f"role_{role}", role.replace("_", " "))

    def day(self, day: date) -> str:
        """A day, in digits: unambiguous in every language."""
        return day.isoformat()

    def _find(self, key: str, default: str = "") -> str:
        return self.own.get(key) or self.fallback.get(key) or default


@cache
def phrases(language: str) -> Phrases:
    """The catalogue for a language code, else English."""
    data = tomllib.loads((files("assistant.record") / "phrases.toml").read_text(encoding="utf-8"))
    known = "zh-TW" if language.lower().startswith("zh") else "en"
    return Phrases(known, data[known], data["en"])


def excerpt(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """The beginning of a text, cut at a word and marked when it was cut. What precedes the mark is exact."""
    line = text.strip().partition("\n")[0]
    if len(line) <= longest:
        return line
    cut = line[:longest]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:，、") + " …"
