"""The assistant's own words around approved text, from the catalogue of the asker's language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

_FALLBACK = "en"


@cache
def _catalogues() -> dict[str, dict[str, str]]:
    listed: dict[str, dict[str, str]] = tomllib.loads(
        (files("assistant.ask") / "data" / "wording.toml").read_text(encoding="utf-8")
    )
    return listed


def say(key: str, language: str, **filled: str) -> str:
    """A text of the catalogue in `language` (English where there is none), with its braces filled.

    Raises KeyError for a key that is in no catalogue: a mistake of ours, never of the asker.
    """
    catalogues = _catalogues()
    return catalogues.get(language, catalogues[_FALLBACK])[key].format(**filled)
