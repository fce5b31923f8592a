"""The store: one log in one database, for whoever reads, writes or follows it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine

from workflows.adapters.keys.store import KeyStore
from workflows.adapters.store.chain import Verdict, verify
from workflows.adapters.store.database import Database
from workflows.adapters.store.errors import StoreClosed
from workflows.adapters.store.group import MAX_WAITING, GroupCommitter
from workflows.adapters.store.log import Log
from workflows.adapters.store.mapper import EventMapper, Upcast
from workflows.adapters.store.reader import Kit, Reader
from workflows.adapters.store.registry import Registry
from workflows.adapters.store.schema import prepare
from workflows.adapters.store.unit import UnitOfWork
from workflows.kernel.clock import Clock

Result = TypeVar("Result")


class Store:
    """One log; to be closed at the end, best as a context manager."""

    def __init__(
        self,
        engine: Engine,
        keys: KeyStore,
        clock: Clock,
        log_id: str,
        *,
        upcasts: Mapping[tuple[str, int], Upcast] | None = None,
        max_waiting: int = MAX_WAITING,
        on_fatal: Callable[[], None] | None = None,
    ) -> None:
        """Open the log ``log_id``; its tables are made if they are missing.

        ``on_fatal`` is called when a disk has failed to keep what was written; by default the process ends.

        Raises:
            UnsafeDatabase: the database would not keep what it acknowledges, or a newer program wrote it.
        """
        self.database = Database.of(engine)
        if on_fatal is not None:
            self.database.on_fatal = on_fatal
        prepare(self.database)
        log = Log(log_id, engine.dialect)
        self.mapper = EventMapper(keys, upcasts)
        self._kit = Kit(self.database, log, Registry(log_id, engine.dialect), self.mapper, keys, clock)
        self._group = GroupCommitter(self._begin_group, max_waiting)
        self._is_closed = False

    @property
    def log_id(self) -> str:
        """The name of the log."""
        return self._kit.log.log_id

    @contextlib.contextmanager
    def read(self) -> Iterator[Reader]:
        """Yield a reader of one unchanging moment of the log."""
        with self.database.reading() as connection:
            yield Reader(self._kit, connection)

    @contextlib.contextmanager
    def write(self, command_id: UUID | None = None) -> Iterator[UnitOfWork]:
        """Yield a transaction of its own, in this thread; recorded as a whole when the block ends.

        For bulk work; single commands go through :meth:`submit`, where many share one commit.

        Raises:
            StoreBusy, StoreFailed, StoreClosed: nothing was recorded.
            OutcomeUnknown: look the command up by its id.
            Conflict: ``record-repeated``, an event id that is there already; nothing was recorded.
        """
        if self._is_closed:
            raise StoreClosed("store-closed", because="closed")
        with self.database.writing(self.log_id, command_id) as connection:
            unit = UnitOfWork(self._kit, connection)
            yield unit
            unit.flush()

    def submit(self, run: Callable[[UnitOfWork], Result], command_id: UUID | None = None) -> Future[Result]:
        """Have ``run`` called in a transaction shared with others; answered after the commit.

        ``run`` may be called twice, see :meth:`GroupCommitter.submit`; whatever it raises comes back through
        the future, and then nothing of it is recorded. The future also raises what :meth:`write` raises.
        """
        return self._group.submit(run, command_id)

    @property
    def waiting(self) -> int:
        """About how many commands wait for their transaction."""
        return self._group.waiting

    def listen(self, event: threading.Event) -> None:
        """Have ``event`` set after each commit of this process; other processes must be asked again."""
        self.database.listen(event)

    def unlisten(self, event: threading.Event) -> None:
        """Leave ``event`` alone from now on."""
        self.database.unlisten(event)

    def verify(self, outside: Mapping[int, bytes] | None = None) -> Verdict:
        """Check every event against the chain, and the chain against heads held elsewhere."""
        with self.database.reading() as connection:
            return verify(self.log_id, self._kit.log.all_since(connection), outside=outside)

    def close(self) -> None:
        """Finish what was submitted, bring the WAL into the database file, and end; again does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        self._group.close()
        self.database.checkpoint(truncate=True)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _begin_group(self, *, trusting: bool) -> Iterator[UnitOfWork]:
        with self.database.writing(self.log_id) as connection:
            yield UnitOfWork(self._kit, connection, grouped=True, trusting=trusting)
