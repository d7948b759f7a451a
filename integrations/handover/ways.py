"""Which adapter reaches which target of routing.toml. What a target needs and settings lack is an error at start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.policies.routing import Routing, RoutingFault, Target
from assistant.ports import Clock
from assistant.referral_ports import HandOver
from integrations.handover.email import SmtpHandOver, SmtpServer
from integrations.handover.file_drop import FileDropHandOver
from integrations.handover.webhook import WebhookHandOver


def ways(
    routing: Routing, home: Path, smtp: SmtpServer | None, secrets: Mapping[str, str], clock: Clock
) -> dict[str, HandOver]:
    """An adapter for every target that is not an inbox. Raises RoutingFault naming the target and the setting."""
    return {
        target.name: _way(target, home, smtp, secrets, clock)
        for target in routing.targets()
        if target.hand_over != "inbox" and target.address is not None
    }


def _way(target: Target, home: Path, smtp: SmtpServer | None, secrets: Mapping[str, str], clock: Clock) -> HandOver:
    address = target.address or ""
    if target.hand_over == "file":
        return FileDropHandOver(home / address)
    if target.hand_over == "email":
        if smtp is None:
            raise RoutingFault(
                f"target {target.name} is reached by e-mail: set host and sender in [smtp] of settings.toml"
            )
        return SmtpHandOver(smtp, address)
    name = target.secret or ""
    if name not in secrets:
        variable = f"REP_SECRETS_{name.upper()}"
        raise RoutingFault(f"target {target.name} needs the secret {name}: set {variable} or [secrets] in settings")
    return WebhookHandOver(address, secrets[name], clock)
