"""Builds the whole from settings; the only place that chooses adapters."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from workflows.adapters import packs
from workflows.adapters.books_log import BooksLog, KeyedIdentity
from workflows.adapters.keys.master import MasterKey
from workflows.adapters.keys.store import KeyStore
from workflows.adapters.memory import MemoryLog, PlainIdentity
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.store import Store
from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.rows import CellError
from workflows.application.amending import Amending
from workflows.application.importing.run import Importing
from workflows.application.importing.undo import UndoingImports
from workflows.application.recording import Recording
from workflows.application.story import Story
from workflows.kernel.clock import Clock, FixedClock, SystemClock
from workflows.kernel.ids import NewId, SeededIds, time_ordered
from workflows.policies.rules import Rules, national
from workflows.projections.answers import Answering

LOG_ID = "main"


@dataclass(frozen=True, slots=True)
class MemoryApp:
    """Everything a story needs, over a log in memory."""

    log: MemoryLog
    clock: FixedClock
    rules: Rules
    recording: Recording


def memory_app(
    pack_names: Sequence[str] = ("central",),
    *,
    base: Path | None = None,
    holidays: Sequence[date] = (),
    workdays: Sequence[date] = (),
    seed: str = "story",
) -> MemoryApp:
    """Return an empty county in memory under a clock of its own.

    Raises:
        WrongUsage: a pack that is not there or cannot be read.
    """
    calendar = packs.calendar().with_overrides(frozenset(holidays), frozenset(workdays))
    rules = Rules(packs.stacked(pack_names, base), calendar)
    clock = FixedClock(datetime(2000, 1, 1, tzinfo=UTC))
    log = MemoryLog(clock)
    recording = Recording(log, rules, clock, PlainIdentity(), SeededIds(seed), allow_future=True)
    return MemoryApp(log, clock, rules, recording)


def story_app(story: Story, base: Path | None = None) -> MemoryApp:
    """Return an empty county in memory with the packs and the calendar of a story."""
    days = story.calendar
    return memory_app(
        story.packs, base=base, holidays=days.holidays, workdays=days.workdays, seed=story.title
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie: ``home`` (database, key store), the database, the master key outside the home."""

    home: Path
    database_url: str
    master_key: Path
    actor: str

    @classmethod
    def of(cls, home: Path | None = None, database: str | None = None, actor: str | None = None) -> Settings:
        """Return settings from the command line, else the environment, else the user's folders."""
        place = home or Path(os.environ.get("ZHIBU_HOME") or _data_folder() / "zhibu")
        place = place.expanduser().absolute()
        url = database or os.environ.get("ZHIBU_DATABASE_URL") or f"sqlite:///{place / 'zhibu.db'}"
        key = os.environ.get("ZHIBU_MASTER_KEY_FILE")
        master = Path(key).expanduser() if key else _config_folder() / "zhibu" / "master.key"
        return cls(place, url, master, actor or _system_user())


def _data_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _config_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", str(Path.home() / "AppData" / "Roaming")))
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _system_user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "local"


@dataclass(slots=True)
class App:
    """The whole over a database; to be closed at the end, best as a context manager."""

    settings: Settings
    log: BooksLog
    keys: KeyStore
    clock: Clock
    rules: Rules
    recording: Recording
    amending: Amending
    importing: Importing
    undoing: UndoingImports
    answering: Answering

    def close(self) -> None:
        """Finish what was submitted and close the database and the key store."""
        self.log.store.close()
        self.keys.close()

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_app(settings: Settings, *, clock: Clock | None = None, new_id: NewId = time_ordered) -> App:
    """Open (and make, if it is missing) the database and keys of a home, and build everything over them.

    Raises:
        Problem: the database or a key cannot be used; the code says why.
    """
    keys, _ = open_keys(settings)
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    now = clock or SystemClock()
    store = Store(make_engine(settings.database_url), keys, now, LOG_ID)
    log = BooksLog(store)
    rules = Rules(national(packs.shipped()), packs.calendar())
    recording = Recording(log, rules, now, KeyedIdentity(keys), new_id)
    return App(
        settings=settings,
        log=log,
        keys=keys,
        clock=now,
        rules=rules,
        recording=recording,
        amending=Amending(recording),
        importing=Importing(recording, rules, CellError, suggest_branch),
        undoing=UndoingImports(recording),
        answering=Answering(log, rules, now),
    )


def open_keys(settings: Settings) -> tuple[KeyStore, bool]:
    """Open the key store of a home, made with the master key if neither is there; say whether it is new.

    A key store without its master key is never made anew: what was sealed could not be read again.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.home / "keys.db"
    is_new = not path.exists()
    if is_new and not settings.master_key.exists():
        master = MasterKey.make(settings.master_key)
    else:
        master = MasterKey.load(settings.master_key)
    return KeyStore(path, master, create=is_new), is_new
