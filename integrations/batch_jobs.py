"""Lines on several processes at once, answered in order.

Workers are forked after the first line has been answered here, so that what that line loaded (the model, the register)
is shared memory, not a copy each. A worker that dies costs the line it held, and is replaced.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from typing import Any

from integrations.batch import LineWorker

_FORK = multiprocessing.get_context("fork")

Result = dict[str, Any]


def answer_all(worker: LineWorker, lines: Iterable[bytes], jobs: int) -> Iterator[Result]:
    """The result of every line, in order; `jobs` of them are worked on at once."""
    numbered = enumerate(lines, start=1)
    if jobs == 1:
        for number, line in numbered:
            yield worker.answer(number, line)
        return
    for number, line in numbered:
        # Lines that fail before anything is loaded warm nothing up; go on here until one has worked.
        result = worker.answer(number, line)
        yield result
        if "error" not in result:
            break
    yield from _Pool(worker, jobs).answers(numbered)


@dataclass(slots=True)
class _Seat:
    """A worker process, the pipe to it, and the line it holds."""

    process: ForkProcess
    pipe: Connection
    number: int | None = None


class _Pool:
    """Workers with one line each, and results held back until their turn."""

    def __init__(self, worker: LineWorker, jobs: int) -> None:
        self._worker = worker
        self._jobs = jobs
        self._seats: list[_Seat] = []
        self._done: dict[int, Result] = {}
        self._order: deque[int] = deque()

    def answers(self, numbered: Iterator[tuple[int, bytes]]) -> Iterator[Result]:
        """Every result in order. Reads ahead of what it has given back by a bounded number of lines."""
        try:
            more = True
            while more or self._order:
                while more and len(self._order) < 16 * self._jobs and (seat := self._free_seat()) is not None:
                    more = self._hand_out(seat, next(numbered, None))
                while self._order and self._order[0] in self._done:
                    yield self._done.pop(self._order.popleft())
                if self._order and (self._free_seat() is None or not more or len(self._order) >= 16 * self._jobs):
                    self._collect()
        finally:
            self._dismiss()

    def _free_seat(self) -> _Seat | None:
        for seat in self._seats:
            if seat.number is None:
                return seat
        if len(self._seats) < self._jobs:
            self._seats.append(self._hire())
            return self._seats[-1]
        return None

    def _hand_out(self, seat: _Seat, item: tuple[int, bytes] | None) -> bool:
        if item is None:
            return False
        seat.number = item[0]
        self._order.append(item[0])
        try:
            seat.pipe.send(item)
        except OSError:
            self._lose(seat)
        return True

    def _collect(self) -> None:
        busy = {seat.pipe: seat for seat in self._seats if seat.number is not None}
        for pipe in wait(list(busy)) if busy else []:
            seat = busy[pipe]  # type: ignore[index]
            try:
                number, result = seat.pipe.recv()
            except (EOFError, OSError):
                self._lose(seat)
            else:
                self._done[number] = result
                seat.number = None

    def _lose(self, seat: _Seat) -> None:
        seat.process.join()
        seat.pipe.close()
        self._seats.remove(seat)
        if seat.number is not None:
            code, text = (
                "worker_lost",
                f"the process working on line {seat.number} ended (code {seat.process.exitcode})",
            )
            self._done[seat.number] = {
                "id": None,
                "op": None,
                "error": {"code": code, "message": f"{text}; send it again"},
            }

    def _hire(self) -> _Seat:
        ours, theirs = _FORK.Pipe()
        others = [seat.pipe for seat in self._seats]
        process = _FORK.Process(target=_work, args=(self._worker, theirs, [ours, *others]), daemon=True)
        process.start()
        theirs.close()
        return _Seat(process, ours)

    def _dismiss(self) -> None:
        for seat in self._seats:
            seat.pipe.close()
        for seat in self._seats:
            seat.process.join(timeout=5)
            if seat.process.is_alive():
                seat.process.terminate()


def _work(worker: LineWorker, pipe: Connection, not_ours: list[Connection]) -> None:
    """A worker's life: lines in, results out, until the pipe closes."""
    for other in not_ours:
        other.close()
    worker.after_fork()
    while True:
        try:
            number, line = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            os._exit(0)
        pipe.send((number, worker.answer(number, line)))
