"""Handing over by a signed call to another system.

Headers: `Idempotency-Key` (the packet's key), `X-Rep-Timestamp` (Unix seconds), `X-Rep-Signature: v1=<hex>`, the
HMAC-SHA256 over `v1:<timestamp>:<body>` with the shared secret. A receiver should refuse timestamps older than five
minutes and answer 2xx to a key it has seen.
"""

from __future__ import annotations

import hashlib
import hmac
import json

import httpx

from assistant.domain.hand_over import Packet
from assistant.errors import PermanentFault, TransientFault
from assistant.ports import Clock
from integrations.handover.packet_json import packet_json

_LONGEST_RECEIPT = 200
_TRY_AGAIN = frozenset({408, 409, 423, 425, 429})


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of `X-Rep-Signature`."""
    signed = f"v1:{timestamp}:".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class WebhookHandOver:
    """Posts the packet as JSON. 2xx: handed over; 408, 409, 423, 425, 429, 5xx, no answer: again; else refused."""

    def __init__(self, url: str, secret: str, clock: Clock, timeout: float = 10.0) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._timeout = timeout

    def deliver(self, packet: Packet) -> str:
        """Post once; the receipt is the body's `receipt` or `id`, else the key."""
        body = json.dumps(packet_json(packet), ensure_ascii=False, sort_keys=True).encode("utf-8")
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": packet.key,
            "X-Rep-Timestamp": timestamp,
            "X-Rep-Signature": signature(self._secret, timestamp, body),
        }
        try:
            # A redirect would carry the report to an address nobody configured.
            answer = httpx.post(self._url, content=body, headers=headers, timeout=self._timeout, follow_redirects=False)
        except httpx.HTTPError as fault:
            raise TransientFault(f"{self._url} did not answer ({type(fault).__name__})") from fault
        if answer.is_success:
            return _receipt(answer, packet.key)
        if answer.status_code in _TRY_AGAIN or answer.is_server_error:
            raise TransientFault(f"{self._url} answered {answer.status_code}")
        raise PermanentFault(f"{self._url} refused it with {answer.status_code}; see its address and secret in routing")


def _receipt(answer: httpx.Response, key: str) -> str:
    try:
        said = answer.json()
    except ValueError:
        return key
    held = said.get("receipt") or said.get("id") if isinstance(said, dict) else None
    return str(held)[:_LONGEST_RECEIPT] if held else key
