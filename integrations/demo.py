"""The demo: the shipped company's morning, played from its script, or a conversation as its first rep."""

from __future__ import annotations

import sys

from rich.console import Console

from assistant.application import Application
from assistant.errors import AssistantError
from integrations.chat import Chat
from integrations.conversation import Conversation
from integrations.sample.morning import Step, morning
from integrations.terminal import show_answer
from integrations.terminal_brief import show_brief


def converse(application: Application) -> None:
    """A conversation as the rep of the script's first step."""
    steps = morning()
    principal = application.identify.by_email(steps[0].email)
    console = Console()
    suggestions = [step.ask for step in steps if step.ask and step.email == steps[0].email][:3]
    console.print(f"You are {principal.person.name}, {principal.role.value}. Try:", highlight=False)
    for suggestion in suggestions:
        console.print(f"  {suggestion}", style="italic", markup=False, highlight=False)
    Chat(Conversation(application, principal), principal.person.language, console).run(sys.stdin)


def play(application: Application) -> None:
    """Every step of the morning, one after the other."""
    console = Console()
    for step in morning():
        _play(application, step, console)


def _play(application: Application, step: Step, console: Console) -> None:
    principal = application.identify.by_email(step.email)
    console.rule(f"{step.time}  {principal.person.name}, {principal.role.value}", align="left", style="dim")
    console.print(step.shows, style="dim", markup=False, highlight=False)
    console.print(f"› {step.ask or f'brief: {step.brief}'}", style="bold", markup=False, highlight=False)
    try:
        if step.brief:
            show_brief(console, application.brief.brief(principal, step.brief), everything=False)
        else:
            show_answer(console, application.ask.ask(principal, step.ask, list(step.history), step.product))
    except AssistantError as fault:
        console.print(str(fault), style="red", markup=False, highlight=False)
    console.print()
