"""The use cases handed to every surface."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol, TypeVar

from assistant.brief.service import BriefService
from assistant.domain.answer import Answer
from assistant.domain.person import Principal
from assistant.errors import BadRequest
from assistant.identify import IdentifyService
from assistant.ports import Clock, PeopleRepository
from assistant.record.service import CustomerRightsService, CustomerService

_UseCase = TypeVar("_UseCase")


class AskUseCase(Protocol):
    """One question of approved content."""

    def ask(
        self, principal: Principal, question: str, history: Sequence[str] = (), product: str | None = None
    ) -> Answer:
        """Answer from what this person may see, or say honestly why not."""
        ...


class Application:
    """What a surface may do. Each use case is built when first used, by the factory the composition root gives."""

    def __init__(
        self,
        *,
        people: PeopleRepository,
        clock: Clock,
        ask: Callable[[], AskUseCase] | None = None,
        brief: Callable[[], BriefService] | None = None,
        customers: Callable[[], CustomerService] | None = None,
        customer_rights: Callable[[], CustomerRightsService] | None = None,
    ) -> None:
        self.clock = clock
        self.identify = IdentifyService(people)
        self._ask = ask
        self._brief = brief
        self._customers = customers
        self._customer_rights = customer_rights

    @cached_property
    def ask(self) -> AskUseCase:
        """Questions of approved content."""
        return _built(self._ask, "ask")

    @cached_property
    def brief(self) -> BriefService:
        """What to know before a call."""
        return _built(self._brief, "brief")

    @cached_property
    def customers(self) -> CustomerService:
        """The customer record, listed and shown."""
        return _built(self._customers, "customers")

    @cached_property
    def customer_rights(self) -> CustomerRightsService:
        """Access and erasure on a customer's request."""
        return _built(self._customer_rights, "customer rights")


def _built(factory: Callable[[], _UseCase] | None, name: str) -> _UseCase:
    if factory is None:
        raise BadRequest(f"this installation has no {name}", code="unsupported_op")
    return factory()
