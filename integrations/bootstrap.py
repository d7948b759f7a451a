"""The composition root: the one place where parts are chosen and put together.

Everything is built when it is first asked for, so that a command pays only for what it uses.
"""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.application import Application
from assistant.ports import Clock, Ids
from integrations.clock import FixedClock, RandomIds, SystemClock
from integrations.home import default_home, home_lock, require_home
from integrations.settings import Settings, load_settings

CHROMA_FOLDER = "chroma"
WORDS_FILE = "words.db"
QUOTES_FILE = "quotes.db"
SHELVES_FOLDER = "shelves"

if TYPE_CHECKING:
    from assistant.ask.answer import AskService
    from assistant.brief.service import BriefService
    from assistant.domain.referral import Sender
    from assistant.record.service import CustomerRightsService, CustomerService
    from assistant.route.heard import Heard
    from assistant.screen.products import OurProduct
    from assistant.screen.result import ScreenResult
    from assistant.screen.screen import Screen
    from integrations.deferred_work import DeferredWork
    from integrations.route_desk import RouteDesk
    from integrations.storage.content import SqlDocumentRepository
    from integrations.storage.customers import SqlCustomerRepository
    from integrations.storage.database import Database
    from integrations.storage.people import SqlPeopleRepository
    from knowledge.indexing import IndexService
    from knowledge.library import LibraryService
    from knowledge.ports import Embedder, LexicalIndex, PassageIndex, QuoteIndex
    from knowledge.retrieval import RetrievalService
    from knowledge.vocabulary import DrugVocabulary


class Assistant:
    """Everything over one home: adapters, repositories, and the application handed to every surface."""

    def __init__(self, settings: Settings, clock: Clock, ids: Ids) -> None:
        self.settings = settings
        self.clock = clock
        self.ids = ids

    @cached_property
    def database(self) -> Database:
        """The SQL database, not yet checked for its schema."""
        from integrations.storage.database import Database

        return Database(self.settings.database)

    @cached_property
    def documents(self) -> SqlDocumentRepository:
        """The register's tables."""
        from integrations.storage.content import SqlDocumentRepository

        return SqlDocumentRepository(self.database, self.clock)

    @cached_property
    def people(self) -> SqlPeopleRepository:
        """The roster's table."""
        from integrations.storage.people import SqlPeopleRepository

        return SqlPeopleRepository(self.database, self.clock)

    @cached_property
    def customers(self) -> SqlCustomerRepository:
        """The customer record's tables."""
        from integrations.storage.customers import SqlCustomerRepository

        return SqlCustomerRepository(self.database)

    @cached_property
    def embedder(self) -> Embedder:
        """Text to vectors: the embedded model, or the endpoint that is configured."""
        from integrations.search.embedders import build_embedder

        return build_embedder(self.settings)

    @cached_property
    def passage_index(self) -> PassageIndex:
        """The dense index."""
        from integrations.search.chroma import ChromaPassageIndex

        return ChromaPassageIndex(self.settings)

    @cached_property
    def word_index(self) -> LexicalIndex:
        """The word index."""
        from integrations.search.words import SqliteLexicalIndex

        return SqliteLexicalIndex(self.settings.home / WORDS_FILE)

    @cached_property
    def quote_index(self) -> QuoteIndex:
        """Vectors of the quotable units inside passages."""
        from integrations.search.embedders import embedder_name
        from integrations.search.quotes import SqliteQuoteIndex

        return SqliteQuoteIndex(self.settings.home / QUOTES_FILE, embedder_name(self.settings))

    @cached_property
    def index(self) -> IndexService:
        """What keeps both indexes equal to the register."""
        from knowledge.indexing import IndexService

        return IndexService(
            self.documents, lambda: self.embedder, self.passage_index, self.word_index, self.quote_index
        )

    @cached_property
    def library(self) -> LibraryService:
        """Adding and withdrawing content."""
        from knowledge.library import LibraryService

        return LibraryService(self.documents, self.index)

    @cached_property
    def retrieval(self) -> RetrievalService:
        """Hybrid search inside a scope."""
        from integrations.search.shelf_files import FileShelfStore
        from knowledge.retrieval import RetrievalService

        shelves = FileShelfStore(self.settings.home / SHELVES_FOLDER)
        return RetrievalService(self.documents, self.passage_index, self.word_index, self.embedder, shelves=shelves)

    @cached_property
    def application(self) -> Application:
        """The use cases, each built when first used."""
        return Application(
            people=self.people,
            clock=self.clock,
            ask=self._ask,
            brief=self._brief,
            customers=self._customers,
            customer_rights=self._customer_rights,
        )

    def _ask(self) -> AskService:
        from assistant.ask.answer import AskService
        from assistant.ask.record import RecordAnswerer

        return AskService(
            repository=self.documents,
            retrieval=self.retrieval,
            embedder=self.embedder,
            quotes=self.quote_index,
            drugs=self.drug_names,
            clock=self.clock,
            record=RecordAnswerer(self.customers, self.clock),
        )

    @cached_property
    def drug_names(self) -> DrugVocabulary:
        """Names of drugs in general, ours or not."""
        from integrations.search.embedders.e5_cache import user_cache
        from knowledge.vocabulary import DrugVocabulary

        return DrugVocabulary(user_cache())

    def _brief(self) -> BriefService:
        from assistant.brief.service import BriefService

        return BriefService(self.customers, self.documents, self.clock)

    def _customers(self) -> CustomerService:
        from assistant.record.service import CustomerService

        return CustomerService(self.customers, self.clock)

    def _customer_rights(self) -> CustomerRightsService:
        from assistant.record.service import CustomerRightsService

        return CustomerRightsService(self.customers, self.clock)

    @cached_property
    def screen(self) -> Screen:
        """What reads a message before anything else does."""
        from assistant.screen.screen import Screen

        return Screen()

    def screened(self, text: str, sender_role: str = "rep") -> ScreenResult:
        """The screen's result for one message, with the register's products as ours."""
        return self.screen.screen(text, sender_role, self._our_products)

    @cached_property
    def _our_products(self) -> tuple[OurProduct, ...]:
        """The register's products; a document of one product alone also tells its other names."""
        from assistant.screen.products import OurProduct

        aliases: dict[str, set[str]] = {}
        for document in self.documents.documents(self.settings.tenant):
            products = document.approval.products
            for product in products:
                aliases.setdefault(product, set()).update(document.names if len(products) == 1 else ())
        return tuple(OurProduct(name, tuple(sorted(aliases[name] - {name}))) for name in sorted(aliases))

    def hear(self, text: str, sender: Sender) -> Heard:
        """What a message by this sender holds, as routing takes it."""
        from assistant.route.screened import heard_from

        return heard_from(self.screened(text, sender.role.value if sender.role else "rep"))

    def redact(self, text: str) -> str:
        """The text with patient identifiers replaced."""
        return self.screened(text).redacted

    @cached_property
    def deferred_work(self) -> DeferredWork:
        """Durable work a command asked for; kept and done by `finish_work`."""
        from integrations.deferred_work import DeferredWork

        return DeferredWork()

    @cached_property
    def referral_desk(self) -> RouteDesk:
        """Referrals, for a command: what they ask to be done durably waits for `finish_work`."""
        from integrations.route_desk import RouteDesk

        return RouteDesk(self, self.deferred_work, self.hear, self.redact)

    def finish_work(self, timeout: float = 30.0, *, sweep: bool = False) -> bool:
        """Have done what this command asked for, once its answer was shown; False when some is left for later.

        Nothing is lost either way: rows say what is still to be done, and the next run picks it up. `sweep` looks for
        such rows even when this process asked for nothing, as a parent of workers must.
        """
        if not sweep and ("deferred_work" not in self.__dict__ or not len(self.deferred_work)):
            return True
        from integrations.work_runner import drain

        return drain(self, timeout)

    def writing(self, purpose: str) -> AbstractContextManager[None]:
        """Hold this home for writing; a second process waits, then is told who holds it."""
        return home_lock(self.settings.home, purpose, self.settings.lock_timeout_seconds)

    def discard_indexes(self) -> None:
        """Forget every index, whatever state their files are in; `index.reconcile` makes them anew."""
        if self.settings.chroma_url:
            self.passage_index.delete(self.passage_index.ids())
        shutil.rmtree(self.settings.home / CHROMA_FOLDER, ignore_errors=True)
        for name in (WORDS_FILE, QUOTES_FILE):
            for path in self.settings.home.glob(f"{name}*"):
                path.unlink()

    def after_fork(self) -> None:
        """To be called first in a forked worker: what cannot be shared with the parent is opened anew."""
        if "database" in self.__dict__:
            self.database.forget_connections()

    def close(self) -> None:
        """Let go of connections and files."""
        if "database" in self.__dict__:
            self.database.close()


def open_assistant(home: Path | None = None, at: datetime | None = None) -> Assistant:
    """Open an initialised home. Raises one clear error when it is missing, older, newer or wrongly configured."""
    from integrations.storage.schema import require_current

    place = (home or default_home()).expanduser().absolute()
    require_home(place)
    assistant = Assistant(load_settings(place), SystemClock() if at is None else FixedClock(at), RandomIds())
    require_current(assistant.database, place)
    return assistant
