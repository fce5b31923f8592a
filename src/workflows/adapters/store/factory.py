"""Our recorders as a persistence module of the library.

``PERSISTENCE_MODULE=workflows.adapters.store.factory`` with ``DATABASE_URL``; each application is a log of
its own in that database, named ``LOG_ID`` or else as the application.
"""

from __future__ import annotations

import threading

from eventsourcing.persistence import AggregateRecorder, InfrastructureFactory
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool
from sqlalchemy import Engine

from workflows.adapters.store.database import Database
from workflows.adapters.store.engine import is_in_memory, make_engine
from workflows.adapters.store.recorder import SnapshotRecorder, SqlRecorder


class _SharedEngines:
    """One engine for each URL, closed by the last of its users; whoever uses `sqlite://` has one alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: dict[str, tuple[Engine, int]] = {}

    def take(self, url: str) -> Engine:
        with self._lock:
            engine, users = self._users.get(url) or (make_engine(url), 0)
            if not is_in_memory(engine):
                self._users[url] = engine, users + 1
            return engine

    def give_back(self, url: str, engine: Engine) -> None:
        with self._lock:
            known, users = self._users.get(url, (engine, 1))
            if users > 1:
                self._users[url] = known, users - 1
                return
            self._users.pop(url, None)
        Database.of(engine).checkpoint(truncate=True)
        engine.dispose()


_engines = _SharedEngines()


class SqlFactory(InfrastructureFactory[SqlRecorder]):
    """Makes the recorders of one application; with the same URL they share an engine, and wake each other."""

    DATABASE_URL = "DATABASE_URL"
    LOG_ID = "LOG_ID"
    CREATE_TABLE = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        """Read ``DATABASE_URL`` and ``LOG_ID``.

        Raises:
            OSError: no ``DATABASE_URL``; the library's own factories raise the same.
        """
        super().__init__(env)
        url = self.env.get(self.DATABASE_URL)
        if not url:
            keys = ", ".join(self.env.create_keys(self.DATABASE_URL))
            raise OSError(f"no address of a database in the environment, looked for: {keys}")
        self._url: str | None = url
        self.database = Database.of(_engines.take(url))

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """Return a recorder for snapshots and the like."""
        recorder = SnapshotRecorder(self.database, f"{self.log_id}/{purpose}")
        if self._creates():
            recorder.create_table()
        return recorder

    def application_recorder(self) -> SqlRecorder:
        """Return a recorder of events."""
        return self._recorder(self._class_named(self.APPLICATION_RECORDER_TOPIC))

    def tracking_recorder(self, tracking_recorder_class: type[SqlRecorder] | None = None) -> SqlRecorder:
        """Return a recorder of positions, of the class given or named by ``TRACKING_RECORDER_TOPIC``."""
        return self._recorder(tracking_recorder_class or self._class_named(self.TRACKING_RECORDER_TOPIC))

    def process_recorder(self) -> SqlRecorder:
        """Return a recorder of events and positions."""
        return self._recorder(self._class_named(self.PROCESS_RECORDER_TOPIC))

    @property
    def log_id(self) -> str:
        """The name of the application's log."""
        return self.env.get(self.LOG_ID) or self.env.name or "log"

    def close(self) -> None:
        """Let go of the engine; the last of its users closes it."""
        if self._url is not None:
            _engines.give_back(self._url, self.database.engine)
            self._url = None

    def _recorder(self, kind: type[SqlRecorder]) -> SqlRecorder:
        recorder = kind(self.database, self.log_id)
        if self._creates():
            recorder.create_table()
        return recorder

    def _class_named(self, key: str) -> type[SqlRecorder]:
        topic = self.env.get(key)
        kind: type[SqlRecorder] = resolve_topic(topic) if topic else SqlRecorder
        return kind

    def _creates(self) -> bool:
        return strtobool(self.env.get(self.CREATE_TABLE) or "yes")
