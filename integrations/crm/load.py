"""Load files of customers, interactions and visits: in any order, twice without harm, bad lines named."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from assistant.domain.interaction import Interaction, Visit
from assistant.domain.person import Person
from assistant.domain.record import Saved
from assistant.errors import BadRequest
from assistant.policies.firewall import seal, seal_visit
from assistant.policies.record_access import author_names
from assistant.ports import CustomerRepository
from integrations.crm.schema import CustomerLine, InteractionLine, Line, VisitLine, line_type
from knowledge.problems import problems

Progress = Callable[[str, int, int], None]

_BATCH = 1000
_ORDER: tuple[type[Line], ...] = (CustomerLine, InteractionLine, VisitLine)
NOUNS: dict[type[Line], str] = {CustomerLine: "customers", InteractionLine: "interactions", VisitLine: "visits"}
_Entry = TypeVar("_Entry", Interaction, Visit)


@dataclass(slots=True)
class LoadReport:
    """What loading did, by noun, and a fault for each line that was passed over."""

    saved: dict[str, Saved] = field(default_factory=lambda: defaultdict(Saved))
    faults: list[BadRequest] = field(default_factory=list)
    unknown_visitors: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Placed:
    line: Line
    where: str


class CustomerLoad:
    """One load into one tenant. Customers go first, whatever the order of the files."""

    def __init__(
        self, repository: CustomerRepository, tenant: str, people: Iterable[Person], learned_at: datetime
    ) -> None:
        self._repository = repository
        self._tenant = tenant
        self._roles = {name: person.role.value for person in people for name in author_names(person)}
        self._learned_at = learned_at
        self._waiting: dict[type[Line], list[_Placed]] = {kind: [] for kind in _ORDER}
        self.report = LoadReport()

    def load(self, paths: Sequence[Path], progress: Progress) -> LoadReport:
        """Read the files and save what is usable."""
        for path in sorted(paths, key=_rank):
            total = path.stat().st_size if path.is_file() else 0
            done = 0
            for number, raw in self._lines(path):
                done += len(raw)
                self._take(f"{path}:{number}", raw)
                if number % _BATCH == 0:
                    progress(path.name, done, total)
            progress(path.name, total, total)
        for kind in _ORDER:
            self._save(kind)
        return self.report

    def _lines(self, path: Path) -> Iterator[tuple[int, bytes]]:
        try:
            with path.open("rb") as lines:
                yield from enumerate(lines, start=1)
        except OSError as fault:
            self._complain(str(path), f"cannot be read ({fault.strerror}); give the path of a .jsonl file")

    def _take(self, where: str, raw: bytes) -> None:
        if not raw.strip():
            return
        fields = _fields(raw)
        if isinstance(fields, str):
            self._complain(where, fields)
            return
        kind = line_type(fields)
        if kind is None:
            self._complain(where, "is no customer (kind, name), interaction (at, summary) or visit (starts_at, rep)")
            return
        try:
            placed = _Placed(kind.model_validate(fields), where)
        except ValidationError as fault:
            self._complain(where, "; ".join(what for _, what in problems(fault, kind)))
            return
        self._waiting[kind].append(placed)
        if len(self._waiting[kind]) >= _BATCH:
            self._save(kind)

    def _save(self, kind: type[Line]) -> None:
        if kind is not CustomerLine:
            self._save(CustomerLine)
        placed, self._waiting[kind] = self._waiting[kind], []
        if placed:
            save = {CustomerLine: self._customers, InteractionLine: self._interactions, VisitLine: self._visits}[kind]
            self.report.saved[NOUNS[kind]] += save(placed)

    def _customers(self, placed: Sequence[_Placed]) -> Saved:
        customers = [one.line.entry() for one in placed if isinstance(one.line, CustomerLine)]
        gone = self._repository.erased(self._tenant, {customer.id for customer in customers})
        for one in placed:
            if one.line.id in gone:
                self._complain(
                    one.where, f"customer {one.line.id!r} was erased on request; take the line out of the file"
                )
        return self._repository.save_customers(
            self._tenant, [customer for customer in customers if customer.id not in gone], self._learned_at
        )

    def _interactions(self, placed: Sequence[_Placed]) -> Saved:
        entries = [seal(entry) for entry in self._of_known(placed, Interaction)]
        return self._repository.save_interactions(self._tenant, entries, self._learned_at)

    def _visits(self, placed: Sequence[_Placed]) -> Saved:
        visits = self._of_known(placed, Visit)
        self.report.unknown_visitors |= {visit.rep for visit in visits} - self._roles.keys()
        sealed = [seal_visit(visit, self._roles.get(visit.rep)) for visit in visits]
        return self._repository.save_visits(self._tenant, sealed, self._learned_at)

    def _of_known(self, placed: Sequence[_Placed], kind: type[_Entry]) -> list[_Entry]:
        """The entries whose customer the record holds; the others are complained of."""
        pairs = [(one.where, entry) for one in placed if isinstance(entry := one.line.entry(), kind)]
        known = self._repository.known(self._tenant, {entry.customer_id for _, entry in pairs})
        for where, entry in pairs:
            if entry.customer_id not in known:
                self._complain(
                    where, f"customer {entry.customer_id!r} is not in the record; load its customers.jsonl too"
                )
        return [entry for _, entry in pairs if entry.customer_id in known]

    def _complain(self, where: str, what: str) -> None:
        self.report.faults.append(BadRequest(f"{where}: {what}"))


def _fields(raw: bytes) -> Mapping[str, Any] | str:
    """The object of one line, or what is wrong with it."""
    try:
        fields = json.loads(raw)
    except UnicodeDecodeError:
        return "is not UTF-8; save the file as UTF-8"
    except (ValueError, RecursionError) as fault:
        return f"is not JSON: {fault}"
    return fields if isinstance(fields, dict) else "is not a JSON object in braces"


def _rank(path: Path) -> int:
    """Customers before what is about them, told by a file's first usable line."""
    try:
        with path.open("rb") as lines:
            for raw in lines:
                fields = _fields(raw)
                if not isinstance(fields, str) and (kind := line_type(fields)):
                    return _ORDER.index(kind)
    except OSError:
        return 0
    return 0
