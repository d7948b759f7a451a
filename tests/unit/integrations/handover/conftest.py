"""A packet to hand over, and a real HTTP server on loopback that answers as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.domain.hand_over import Packet
from assistant.domain.person import Role
from assistant.domain.referral import Detail, Referral, ReferralType, Sender
from integrations.clock import uuid7
from tests.fakes import NOON


@pytest.fixture
def packet() -> Packet:
    """An adverse event, incomplete, with words of several scripts."""
    referral = Referral(
        id=uuid7(1, b"0123456789"),
        tenant="default",
        type=ReferralType.ADVERSE_EVENT,
        key="k",
        message_id="m1",
        sender=Sender("default", "rep", "US", Role.REP),
        target="safety",
        received_at=NOON,
        day_zero=NOON,
        due_at=NOON + timedelta(hours=24),
        why="a patient fainted",
        missing=("reporter",),
        details={
            Detail.EVENT: "病人昏倒 – fainted",
            Detail.PRODUCT: "Velmora",
            Detail.LOT: "B77",
            Detail.PATIENT_SEX: "female",
            Detail.PATIENT_AGE_GROUP: "elderly",
        },
        original_id="x",
    )
    return Packet(f"{referral.id}:1", referral, Role.SAFETY)


@dataclass
class Intake:
    """What the receiving system got, and how it is to answer next: a status, "hang", or "drop" after committing."""

    url: str = ""
    answers: list[int | str] = field(default_factory=list)
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    cases: dict[str, dict[str, object]] = field(default_factory=dict)


@pytest.fixture
def intake() -> Iterator[Intake]:
    """A receiving system that files one case a key, however often it is called."""
    held = Intake()
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            answer = held.answers.pop(0) if held.answers else 200
            if answer == "hang":
                stopping.wait(5)
                return
            if answer in (200, "drop"):
                held.cases.setdefault(self.headers["Idempotency-Key"], json.loads(body))
            if answer == "drop":
                self.connection.close()
                return
            if answer == "text":
                self._say(200, b"thanks")
                return
            if answer == 302:
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()
                return
            self._say(int(answer), json.dumps({"receipt": f"CASE-{len(held.cases)}"}).encode())

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.url = f"http://127.0.0.1:{server.server_address[1]}/intake"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield held
    stopping.set()
    server.shutdown()
    server.server_close()
    time.sleep(0)
