"""Builds the whole from settings; the only place that chooses adapters."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Engine, inspect

from workflows.adapters import packs
from workflows.adapters.keys.identity import KeyedIdentity
from workflows.adapters.keys.master import MasterKey
from workflows.adapters.keys.store import KeyStore
from workflows.adapters.logs import configure
from workflows.adapters.memory import MemoryLog, PlainIdentity
from workflows.adapters.notify.build import notifying
from workflows.adapters.notify.inbox import Inbox
from workflows.adapters.notify.settings import read_settings
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.store import Store
from workflows.adapters.store.tables import meta
from workflows.adapters.views.books_log import BooksLog
from workflows.adapters.views.live import SqlLiveRows
from workflows.adapters.views.rebuild import Rebuilding
from workflows.adapters.views.runner import Views
from workflows.adapters.workbooks.branches import suggest_branch
from workflows.adapters.workbooks.rows import CellError
from workflows.application.amending import Amending
from workflows.application.books import States
from workflows.application.importing.run import Importing
from workflows.application.importing.undo import UndoingImports
from workflows.application.recording import Recording
from workflows.application.story import Story
from workflows.kernel.clock import Clock, FixedClock, SteeredClock, today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import NewId, SeededIds, time_ordered
from workflows.policies.rules import Rules, national
from workflows.projections.answers import Answering
from workflows.scheduler.worker import Scheduler

LOG_ID = "main"
OFFICE_WORKBOOK = "office-demo.xlsx"
LARGE_PAGE = 20_000
"""Events a page after an import: its pages would touch the same branches again and again."""


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
    clock: SteeredClock
    rules: Rules
    recording: Recording
    amending: Amending
    importing: Importing
    undoing: UndoingImports
    views: Views
    rebuilding: Rebuilding
    answering: Answering
    scheduler: Scheduler
    inbox: Inbox

    def rebuild(
        self, view: str | None = None, progress: Callable[[int, int], None] | None = None
    ) -> list[dict[str, object]]:
        """Rebuild views beside the old ones, compare, switch; one row a view, ``equal`` if nothing differed.

        Raises:
            WrongUsage: ``view-unknown``.
        """
        found = self.rebuilding.rebuild(
            view, (lambda _, done, all_: progress(done, all_)) if progress else None
        )
        return [
            {
                "view": told.view,
                "streams": told.streams,
                "rows": told.rows,
                "equal": told.is_equal,
                "differing": list(told.differing),
                "parked": told.parked,
            }
            for told in found
        ]

    def demo(
        self,
        *,
        seed: int,
        years: int,
        full: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, object]:
        """Fill empty books with an invented county; ``full``: import an office workbook too.

        Raises:
            WrongUsage: ``books-not-empty``: something else is on the books.
        """
        from workflows.application.demo.play import play_county  # only the demo needs it

        with self.log.read() as reading:
            first = reading.event_at(1)
        if first is not None and first.origin != "demo":
            raise WrongUsage("books-not-empty", home=str(self.settings.home))
        told: dict[str, object] = {"seed": seed, "years": years, "played": first is None}
        day = today(self.clock)
        if first is None:
            identity = KeyedIdentity(self.keys)
            recording = Recording(self.log, self.rules, self.clock, identity, SeededIds(f"demo/{seed}"))
            until, mending = day - timedelta(days=1), Amending(recording)
            try:
                summary = play_county(
                    recording, mending, self.clock, seed=seed, until=until, years=years, progress=progress
                )
            finally:
                self.clock.release()
            self.catch_up()
            told["summary"] = msgspec.to_builtins(summary)
        if full:
            from workflows.adapters.demo_workbook import write_office_workbook
            from workflows.adapters.workbooks.workbook import read_workbook

            path = self.settings.home / OFFICE_WORKBOOK
            if not path.exists():
                write_office_workbook(path, seed=seed, today=day)
            report = self.importing.run(read_workbook(path, today=day), actor=self.settings.actor)
            told["imported"] = {
                "file": path.name,
                "recorded": report.recorded,
                "refused": [
                    {"sheet": r.sheet, "row": r.row, "column": r.trouble.column, "reason": r.trouble.reason}
                    for r in report.refusals
                ],
                "flagged": len(report.findings),
            }
        return told

    def catch_up(self) -> None:
        """Bring every view up to the log in large pages: after much was recorded at once."""
        Views(self.log, self.rules, self.clock, page=LARGE_PAGE).run()

    def close(self) -> None:
        """Finish what was submitted and close the database and the key store."""
        self.scheduler.stop()
        self.log.store.close()
        self.log.store.database.engine.dispose()
        self.keys.close()

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_app(
    settings: Settings, *, clock: Clock | None = None, new_id: NewId = time_ordered, create: bool = True
) -> App:
    """Open the database and keys of a home, and build everything over them.

    What is missing is made if ``create``, else nothing is made anywhere. ``clock`` stands still where it is
    given; otherwise time runs with the machine.

    Raises:
        WrongUsage: ``home-empty`` or ``database-empty``: nothing was ever begun there (not if ``create``).
        Problem: the database or a key cannot be used; the code says why.
    """
    engine = make_engine(settings.database_url)
    try:
        if not create:
            _require_begun(settings, engine)
        keys, _ = open_keys(settings, create=create)
    except BaseException:
        engine.dispose()
        raise
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    now = SteeredClock()
    if clock is not None:
        now.put(clock.now())
    store = Store(engine, keys, now, LOG_ID)
    log = BooksLog(store)
    rules = Rules(national(packs.shipped()), packs.calendar())
    states = States()
    views = Views(log, rules, now, states=states)
    recording = Recording(log, rules, now, KeyedIdentity(keys), new_id, inline=(views,), states=states)
    bulk = Recording(log, rules, now, KeyedIdentity(keys), new_id)
    live = SqlLiveRows(views)

    def keep_up() -> None:
        """Bring the views up to the log, and their recurring rows ahead of the day."""
        views.run()
        views.extend(today(now))

    telling = notifying(recording, store.database, read_settings(settings.home), live=live, first=keep_up)
    return App(
        settings=settings,
        log=log,
        keys=keys,
        clock=now,
        rules=rules,
        recording=recording,
        amending=Amending(recording),
        importing=Importing(
            bulk, rules, CellError, suggest_branch, Views(log, rules, now, page=LARGE_PAGE).run
        ),
        undoing=UndoingImports(recording),
        views=views,
        rebuilding=Rebuilding(views),
        answering=Answering(log, rules, now, live),
        scheduler=telling.scheduler,
        inbox=telling.inbox,
    )


def keep_log() -> None:
    """Have what a server or worker does told on standard error: lines for people on a screen, else JSON."""
    configure("console" if sys.stderr.isatty() else "json", level="info")


def _require_begun(settings: Settings, engine: Engine) -> None:
    """Refuse a place where nothing was ever begun: a mistyped one must not become an empty county."""
    if engine.url.get_backend_name() == "sqlite":
        file = Path(engine.url.database or ":memory:")
        if file.is_file() and file.stat().st_size:
            return
        if file.parent == settings.home:
            raise WrongUsage("home-empty", home=str(settings.home))
    else:
        with engine.connect() as connection:
            if inspect(connection).has_table(meta.name):
                return
    raise WrongUsage("database-empty", database=engine.url.render_as_string(hide_password=True))


def open_keys(settings: Settings, *, create: bool = True) -> tuple[KeyStore, bool]:
    """Open the key store of a home; say whether it is new: made with the master key if neither is there.

    A key store without its master key is never made anew: what was sealed could not be read again.
    """
    path = settings.home / "keys.db"
    if not create:
        return KeyStore(path, MasterKey.load(settings.master_key), create=False), False
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    if is_new and not settings.master_key.exists():
        master = MasterKey.make(settings.master_key)
    else:
        master = MasterKey.load(settings.master_key)
    return KeyStore(path, master, create=is_new), is_new
