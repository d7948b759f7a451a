"""Where in a TOML file a key stands, so that a fault can name the line. The parser of the library keeps no places."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TABLE = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_-]+|"[^"]*"|'[^']*')\s*=""")
_PARTS = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


class TomlLines:
    """Line numbers (from 1) of the tables and keys of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if (header := _TABLE.match(line)) is not None:
                table = tuple(part.strip("\"'") for part in _PARTS.findall(header.group(1)))
                self._lines.setdefault(table, number)
            elif (key := _KEY.match(line)) is not None:
                self._lines.setdefault((*table, key.group(1).strip("\"'")), number)

    def of(self, path: Sequence[str | int]) -> int:
        """The line of a key, or of the nearest thing around it; 1 when nothing of the path stands in the file."""
        parts = tuple(str(part) for part in path)
        return next((self._lines[parts[:end]] for end in range(len(parts), 0, -1) if parts[:end] in self._lines), 1)
