"""Lines in, lines out: one for each, in order, whatever they hold, on one process or several."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.batch import LONGEST_LINE, OPS, LineWorker, OpCall, read_lines
from integrations.batch_jobs import answer_all
from integrations.bootstrap import Assistant, open_assistant
from integrations.commands.options import to_json
from integrations.initialise import initialise
from tests.fakes import person


def echo(call: OpCall) -> dict[str, Any]:
    return {"text": call.text("text"), "pid": os.getpid(), "key": call.record_key}


def slow(call: OpCall) -> dict[str, Any]:
    time.sleep(float(call.text("text")))
    return {"text": call.text("text")}


def die(call: OpCall) -> dict[str, Any]:
    os._exit(9)


def count_people(call: OpCall) -> dict[str, Any]:
    return {"people": len(call.assistant.people.everyone("default"))}


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    for op in (echo, slow, die, count_people):
        monkeypatch.setitem(OPS, op.__name__, f"{__name__}:{op.__name__}")
    initialise(tmp_path)
    assistant = open_assistant(tmp_path, datetime(2026, 6, 1, tzinfo=UTC))
    assistant.people.save([person("p1"), person("gone", active=False)])
    yield assistant
    assistant.close()


def lines(*fields: object) -> list[bytes]:
    return [field if isinstance(field, bytes) else json.dumps(field).encode() for field in fields]


def say(number: int, text: str = "x") -> dict[str, Any]:
    return {"id": number, "op": "echo", "text": text}


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_order_is_kept(assistant: Assistant, jobs: int) -> None:
    worker = LineWorker(assistant, "p1@example.com")
    asked = [{"id": n, "op": "slow", "text": str(0.05 if n % 5 == 1 else 0)} for n in range(60)]
    results = list(answer_all(worker, iter(lines(*asked)), jobs))
    assert [result["id"] for result in results] == list(range(60))
    assert all("error" not in result and result["ms"] >= 0 for result in results)


def test_several_jobs_are_several_processes(assistant: Assistant) -> None:
    worker = LineWorker(assistant, "p1@example.com")
    asked = [say(0), *({"id": n, "op": "slow", "text": "0.02"} for n in range(1, 20)), *(say(n) for n in range(20, 60))]
    results = list(answer_all(worker, iter(lines(*asked)), 2))
    pids = {result["result"]["pid"] for result in results if "pid" in result["result"]}
    assert len(pids) == 3
    assert os.getpid() in pids, "the first line warms this process up"


def test_workers_open_the_database_anew(assistant: Assistant) -> None:
    worker = LineWorker(assistant, "p1@example.com")
    asked = [{"id": n, "op": "count_people"} for n in range(40)]
    results = list(answer_all(worker, iter(lines(*asked)), 2))
    assert [result["result"] for result in results] == [{"people": 2}] * 40


def test_a_worker_that_dies_costs_its_line_alone(assistant: Assistant) -> None:
    worker = LineWorker(assistant, "p1@example.com")
    asked = [say(n) if n % 7 != 3 else {"id": n, "op": "die"} for n in range(30)]
    results = list(answer_all(worker, iter(lines(*asked)), 2))
    assert len(results) == 30
    for number, result in enumerate(results):
        if number % 7 == 3:
            assert result["error"]["code"] == "worker_lost"
        else:
            assert result["id"] == number


def test_a_reader_that_stops_leaves_no_worker(assistant: Assistant) -> None:
    worker = LineWorker(assistant, "p1@example.com")
    results = answer_all(worker, iter(lines(*(say(n) for n in range(1000)))), 2)
    pids = {next(results)["result"]["pid"] for _ in range(50)} - {os.getpid()}
    results.close()  # type: ignore[attr-defined]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "bad_line"),
        (b"{", "bad_line"),
        (b"null", "bad_line"),
        (b"[1]", "bad_line"),
        (b"\xff\xfe", "bad_line"),
        (b"[" * 200_000, "bad_line"),
        (b'{"id": 1}', "bad_request"),
        (b'{"id": 1, "op": 5}', "bad_request"),
        (b'{"id": 1, "op": "fly"}', "unsupported_op"),
        (b'{"id": 1, "op": "insights"}', "unsupported_op"),
        (b'{"id": 1, "op": "echo"}', "bad_request"),
        (b'{"id": 1, "op": "echo", "text": ["x"]}', "bad_request"),
    ],
)
def test_a_bad_line_gets_an_error_line(assistant: Assistant, line: bytes, code: str) -> None:
    worker = LineWorker(assistant, "p1@example.com")
    bad, good = answer_all(worker, iter([line, *lines(say(2))]), 1)
    assert bad["error"]["code"] == code
    assert "\n" not in bad["error"]["message"]
    assert good["result"]["text"] == "x"


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "🙂" * 1000, "x" * 100_000, "\u2028", "服用"])
def test_any_text_survives(assistant: Assistant, text: str) -> None:
    [result] = answer_all(LineWorker(assistant, "p1@example.com"), iter(lines(say(1, text))), 1)
    assert json.loads(to_json(result))["result"]["text"] == text
    assert b"\n" not in to_json(result)


@pytest.mark.parametrize(
    ("email", "code"), [("who@example.com", "unknown_person"), ("gone@example.com", "inactive_person")]
)
def test_strangers_are_answered_on_every_line(assistant: Assistant, email: str, code: str) -> None:
    results = list(answer_all(LineWorker(assistant, email), iter(lines(say(1), {"id": 2, "op": "ask"})), 2))
    assert [(result["id"], result["error"]["code"]) for result in results] == [(1, code), (2, code)]


def test_a_huge_line_is_refused_and_the_next_is_read(assistant: Assistant) -> None:
    stream = io.BytesIO(b"x" * (3 * LONGEST_LINE) + b"\n" + lines(say(2))[0] + b"\r\n")
    results = list(answer_all(LineWorker(assistant, "p1@example.com"), read_lines(stream), 1))
    assert [result.get("error", {}).get("code") for result in results] == ["bad_line", None]


def test_lines_are_cut_where_they_end() -> None:
    assert list(read_lines(io.BytesIO(b"a\n\nb\r\nlast"))) == [b"a", b"", b"b", b"last"]
    assert list(read_lines(io.BytesIO(b""))) == []
    assert list(read_lines(io.BytesIO(b"abcdefgh\nij\n"), longest=3)) == [b"abcd", b"ij"]


def test_what_is_recorded_has_a_key_of_person_line_and_content(assistant: Assistant) -> None:
    def keys(record: bool, *asked: dict[str, Any]) -> list[str | None]:
        worker = LineWorker(assistant, "p1@example.com", record=record)
        return [result["result"]["key"] for result in answer_all(worker, iter(lines(*asked)), 1)]

    assert keys(False, say(1)) == [None]
    first, again, other_line, other_text = keys(True, say(1), say(1), say(2), say(1, "y"))
    assert first == again
    assert len({first, other_line, other_text}) == 3
    assert first is not None
    assert first.startswith("p1:1:")
