"""What people read, by language: one TOML file a language, every file with the same keys."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

DEFAULT_LANGUAGE = "en"


class Messages:
    """The catalogue of one language."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """A text with its blanks filled in. A key that is not there is a mistake of the program: KeyError."""
        return self._texts[key].format(**values)


@cache
def languages() -> tuple[str, ...]:
    """The languages there is a catalogue for."""
    folder = files(__name__)
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


@cache
def messages(language: str) -> Messages:
    """The catalogue for a BCP 47 tag: the nearest there is ("zh-Hant-TW" finds "zh-TW"), else English."""
    asked = language.lower().split("-")
    fits = [known for known in languages() if known.lower().split("-")[0] == asked[0]]
    chosen = next((known for known in fits if known.lower() == language.lower()), fits[0] if fits else DEFAULT_LANGUAGE)
    text = files(__name__).joinpath(f"{chosen}.toml").read_text(encoding="utf-8")
    return Messages(chosen, tomllib.loads(text))
