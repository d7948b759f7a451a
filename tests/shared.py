"""Real labels and evaluation sets that may stand beside the checkout; tests that need them skip without them."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(relative: str) -> Path:
    """The path of a file or folder beside the checkout, or skip the test that asked."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"needs {relative} in a folder named 'shared' beside the checkout; it is not there")
    return path
