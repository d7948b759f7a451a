"""Lines in, lines out: one JSON object for each line, in order, whatever a line holds.

An operation is a function `OpCall -> result`, named in `OPS` and imported when the first line asks for it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any

from assistant.domain.person import Principal
from assistant.errors import AccessDenied, AssistantError, BadRequest
from integrations.bootstrap import Assistant
from knowledge.errors import KnowledgeError

OPS: dict[str, str] = {
    "ask": "integrations.ops.ask:ask",
    "brief": "integrations.ops.brief:brief",
    "triage": "integrations.ops.triage:triage",
}

# What the contract names, built or not; any other name is a mistake of the caller.
PLANNED = frozenset({"ask", "triage", "capture", "brief", "insights"})

LONGEST_LINE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OpCall:
    """One line, ready to be worked on.

    `record_key` is None unless the batch may write; then it names what the line writes, so that a second run writes
    nothing twice: person, line id and content together.
    """

    assistant: Assistant
    principal: Principal
    fields: Mapping[str, Any]
    record_key: str | None = None

    def text(self, name: str, default: str | None = None) -> str:
        """A field that must be text. Raises BadRequest naming it."""
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            raise BadRequest(f'"{name}" must be text')
        return value

    def optional_text(self, name: str) -> str | None:
        """A field that may be text or null."""
        return None if self.fields.get(name) is None else self.text(name)

    def texts(self, name: str) -> list[str]:
        """A field that must be a list of texts; [] when it is missing or null."""
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise BadRequest(f'"{name}" must be a list of texts')
        return value


Op = Callable[[OpCall], dict[str, Any]]


def load_op(name: str) -> Op:
    """Import an operation. Raises BadRequest `unsupported_op` for one that is not built or not known."""
    if name not in OPS:
        known = "not built yet" if name in PLANNED else "no operation of this program"
        raise BadRequest(f"{name[:40]!r} is {known}; there is: {', '.join(OPS)}", code="unsupported_op")
    module, _, function = OPS[name].partition(":")
    op: Op = getattr(import_module(module), function)
    return op


def read_lines(stream: IO[bytes], longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """Lines without their end. One longer than `longest` bytes is cut there and its rest is read past, not kept."""
    while line := stream.readline(longest + 1):
        rest = line
        while len(rest) > longest and not rest.endswith(b"\n"):
            rest = stream.readline(longest + 1)
        yield line.removesuffix(b"\n").removesuffix(b"\r")


class LineWorker:
    """Answers one line at a time for one person. Never raises: a line that cannot be answered gets an error line."""

    def __init__(self, assistant: Assistant, email: str, *, record: bool = False) -> None:
        self._assistant = assistant
        self._record = record
        self._principal: Principal | None = None
        self._refusal: AccessDenied | None = None
        try:
            self._principal = assistant.application.identify.by_email(email)
        except AccessDenied as refusal:
            self._refusal = refusal

    def after_fork(self) -> None:
        """To be called first in a forked worker."""
        self._assistant.after_fork()

    def answer(self, number: int, line: bytes) -> dict[str, Any]:
        """The output object of line `number` (1-based)."""
        head: dict[str, Any] = {"id": None, "op": None}
        try:
            fields = _parse(number, line)
            head = {"id": fields.get("id"), "op": fields.get("op")}
            call = self._call(number, fields)
            started = time.perf_counter()
            result = load_op(call.text("op"))(call)
            return {**head, "ms": round(1000 * (time.perf_counter() - started), 1), "result": result}
        except AssistantError as fault:
            return {**head, **_error(fault.code, str(fault))}
        except KnowledgeError as fault:
            return {**head, **_error("content", str(fault))}
        except (RecursionError, MemoryError) as fault:
            return {**head, **_error("too_large", f"line {number} is too large to work on ({type(fault).__name__})")}

    def _call(self, number: int, fields: dict[str, Any]) -> OpCall:
        if self._principal is None:
            assert self._refusal is not None
            raise self._refusal
        if not isinstance(fields.get("op"), str):
            raise BadRequest(
                f'line {number}: "op" is missing; write for example {{"id": "1", "op": "ask", "question": "..."}}'
            )
        key = _record_key(self._principal, fields) if self._record else None
        return OpCall(self._assistant, self._principal, fields, key)


def _parse(number: int, line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise BadRequest(f"line {number} is longer than {LONGEST_LINE} bytes", code="bad_line")
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise BadRequest(f"line {number} is not JSON: {fault}", code="bad_line") from None
    if not isinstance(fields, dict):
        raise BadRequest(f"line {number} is not a JSON object", code="bad_line")
    return fields


def _record_key(principal: Principal, fields: Mapping[str, Any]) -> str:
    content = json.dumps(fields, sort_keys=True).encode("ascii")
    return f"{principal.person.id}:{fields.get('id')}:{hashlib.sha256(content).hexdigest()[:16]}"


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}
