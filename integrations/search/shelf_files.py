"""What retrieval derives from documents, kept as files in the home between runs."""

from __future__ import annotations

import logging
from pathlib import Path

_log = logging.getLogger(__name__)


class FileShelfStore:
    """One file a key in one folder; written whole or not at all. Losing it costs time only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """What was kept under the key, or None."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("cannot read %s (%s); it is made again", self._path(key), error)
            return None

    def put(self, key: str, kept: bytes) -> None:
        """Keep bytes under the key and forget older ones of the same document version; a full disk is only logged."""
        path = self._path(key)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for older in self._folder.glob(f"{key.rpartition('-')[0]}-*.npz"):
                older.unlink(missing_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(kept)
            part.replace(path)
        except OSError as error:
            _log.warning("cannot keep %s (%s); it is made again next time", path, error)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.npz"
