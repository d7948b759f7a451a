"""The receipts of what was passed on, drawn under an answer: reference, clock, and what is still asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from assistant.domain.referral import Referral
from assistant.policies.deadlines import hours_left
from integrations.messages import messages
from integrations.terminal import WIDTH, hanging


def show_receipts(console: Console, opened: Sequence[Referral], language: str, now: datetime) -> None:
    """One line a referral, in the sender's own time zone; nothing when none was opened."""
    if not opened:
        return
    say = messages(language)
    width = min(console.width, WIDTH)
    console.print()
    console.print(Text(say("receipts"), style="bold"), width=width)
    for referral in opened:
        due = referral.due_at.astimezone(ZoneInfo(referral.sender.timezone))
        line = say(
            "receipt",
            reference=referral.reference,
            name=say(f"referral_{referral.type.value}"),
            due=f"{due:%Y-%m-%d %H:%M %Z}",
            hours=f"{hours_left(referral.due_at, now):.0f}",
        )
        body = Text(line)
        if referral.missing:
            missing = ", ".join(word.replace("|", " / ").replace("_", " ") for word in referral.missing)
            text = say("receipt_missing", missing=missing, reference=referral.reference)
            body.append(f"\n{text}", style="dim")
        console.print(hanging("✓", body), width=width)
