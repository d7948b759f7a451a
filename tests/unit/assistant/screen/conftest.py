from __future__ import annotations

import pytest

from assistant.screen.screen import Screen


@pytest.fixture(scope="session")
def screen() -> Screen:
    return Screen()
