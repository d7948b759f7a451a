"""The demo: the shipped company's morning, played from its script, or a conversation as its first rep."""

from __future__ import annotations

import sys
from collections import defaultdict

from rich.console import Console

from assistant.domain.answer import Answer
from assistant.domain.brief import Brief
from assistant.errors import AssistantError
from integrations.bootstrap import Assistant
from integrations.chat import Chat
from integrations.receiving import receive_typed
from integrations.sample.morning import Step, morning
from integrations.terminal import AnswerView
from integrations.terminal_brief import show_brief
from integrations.terminal_receipts import show_receipts


def converse(assistant: Assistant) -> None:
    """A conversation as the rep of the script's first step."""
    steps = morning()
    principal = assistant.application.identify.by_email(steps[0].email)
    mine = [step for step in steps if step.email == principal.person.email]
    console = Console()
    console.print(f"You are {principal.person.name}, {principal.role.value}. Try:", highlight=False)
    suggestions = [f"/brief {step.brief}" for step in mine if step.brief][:1] + [step.ask for step in mine if step.ask]
    for suggestion in suggestions[:5]:
        console.print(f"  {suggestion}", style="italic", markup=False, highlight=False)
    Chat(assistant, principal, console=console).run(sys.stdin)


def play(assistant: Assistant) -> int:
    """Every step of the morning, one after the other; the number of those that could not be played."""
    console = Console()
    views: dict[str, AnswerView] = defaultdict(lambda: AnswerView(console))
    failed = sum(not _play(assistant, step, console, views[step.email]) for step in morning())
    assistant.finish_work()
    return failed


def perform(assistant: Assistant, step: Step) -> Answer | Brief:
    """What one step gives: a brief, or the answer to its question in its thread."""
    principal = assistant.application.identify.by_email(step.email)
    if step.brief:
        return assistant.application.brief.brief(principal, step.brief)
    thread = [*([step.customer] if step.customer else []), *step.history]
    return assistant.application.ask.ask(principal, step.ask, thread, step.product)


def _play(assistant: Assistant, step: Step, console: Console, view: AnswerView) -> bool:
    person = assistant.application.identify.by_email(step.email).person
    console.rule(f"{step.time}  {person.name}, {person.role.value}", align="left", style="dim")
    console.print(step.shows, style="dim", markup=False, highlight=False)
    console.print(f"› {step.ask or f'brief: {step.brief}'}", style="bold", markup=False, highlight=False)
    opened = receive_typed(assistant, step.email, step.ask) if step.ask else []
    try:
        given = perform(assistant, step)
        if isinstance(given, Brief):
            show_brief(console, given)
        else:
            view.show(given)
    except AssistantError as fault:
        console.print(str(fault), style="red", markup=False, highlight=False)
        return False
    finally:
        show_receipts(console, opened, person.language, assistant.clock.now())
        console.print()
    return True
