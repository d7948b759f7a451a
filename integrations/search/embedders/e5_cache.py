"""The converted model, kept in the user's cache folder so that only the first run converts (half a second)."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

_FORMAT = 1
_DIGEST_BYTES = 32
_log = logging.getLogger(__name__)


def user_cache() -> Path:
    """The folder for what can be made again: `XDG_CACHE_HOME`, else `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "field-assistant"


def cached_model(folder: Path, source: Path, convert: Callable[[], bytes]) -> bytes:
    """The converted model from `folder`, or converted now and kept there.

    A damaged file (its digest stands in front of it) is made again. A folder that cannot be written costs the
    conversion at every start and is logged, never an error.
    """
    kept = folder / f"{source.stem}-{_fingerprint(source)}.onnx"
    if (model := _read(kept)) is not None:
        return model
    model = convert()
    try:
        _write(kept, model)
    except OSError as fault:
        _log.warning("%s: the converted model cannot be kept there (%s); it is converted at every start", folder, fault)
    return model


def _fingerprint(source: Path) -> str:
    """Names the source's content by its size and first megabyte, which holds header, pieces and scores."""
    with source.open("rb") as file:
        digest = hashlib.sha256(file.read(1 << 20))
    digest.update(f"{source.stat().st_size} {_FORMAT}".encode())
    return digest.hexdigest()[:16]


def _read(kept: Path) -> bytes | None:
    try:
        content = kept.read_bytes()
    except OSError:
        return None
    digest, model = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(model).digest() == digest:
        return model
    _log.warning("%s: damaged; it is converted again", kept)
    return None


def _write(kept: Path, model: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=kept.parent, prefix=kept.name)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(hashlib.sha256(model).digest() + model)
        draft.replace(kept)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
