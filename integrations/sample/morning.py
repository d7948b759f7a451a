"""The scripted morning of the demo, read from `morning.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import BadRequest

SCRIPT = Path(__file__).resolve().parent / "morning.toml"
_FIELDS = {"time", "as", "ask", "brief", "customer", "history", "product", "shows", "expect"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does: `ask` a question or want a `brief` on a customer; exactly one of the two is set.

    `customer` is whom the thread is about when the question only says "she". `expect` is the outcome, "" for any.
    """

    time: str
    email: str
    shows: str
    ask: str = ""
    brief: str = ""
    customer: str = ""
    product: str | None = None
    history: tuple[str, ...] = ()
    expect: str = ""


def morning(script: Path = SCRIPT) -> tuple[Step, ...]:
    """The steps in order; BadRequest names the step that cannot be played."""
    steps = tomllib.loads(script.read_text(encoding="utf-8")).get("step", [])
    return tuple(_step(number, entry) for number, entry in enumerate(steps, start=1))


def _step(number: int, entry: dict[str, Any]) -> Step:
    unknown = sorted(set(entry) - _FIELDS)
    if unknown:
        raise BadRequest(f"step {number} of the morning has the unknown field {unknown[0]!r}; remove it")
    if bool(entry.get("ask")) == bool(entry.get("brief")) or not entry.get("as"):
        raise BadRequest(f"step {number} of the morning needs 'as' and one of 'ask' and 'brief'")
    return Step(
        time=entry.get("time", ""),
        email=entry["as"],
        shows=entry.get("shows", ""),
        ask=entry.get("ask", ""),
        brief=entry.get("brief", ""),
        customer=entry.get("customer", ""),
        product=entry.get("product"),
        history=tuple(entry.get("history", ())),
        expect=entry.get("expect", ""),
    )
