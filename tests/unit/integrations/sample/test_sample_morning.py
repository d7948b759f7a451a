"""A script that cannot be played is refused, with the number of the step."""

from pathlib import Path

import pytest

from assistant.errors import BadRequest
from integrations.sample.morning import morning


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[step]]\nas = "a@example.com"\n', "step 1 .* one of"),
        ('[[step]]\nas = "a@example.com"\nask = "x"\nbrief = "y"\n', "step 1 .* one of"),
        ('[[step]]\nask = "x"\n', "needs 'as'"),
        ('[[step]]\nas = "a@example.com"\nask = "x"\n[[step]]\nsays = "x"\n', "step 2 .*'says'"),
    ],
)
def test_a_step_that_cannot_be_played_is_named(tmp_path: Path, text: str, why: str) -> None:
    script = tmp_path / "morning.toml"
    script.write_text(text, encoding="utf-8")
    with pytest.raises(BadRequest, match=why):
        morning(script)
