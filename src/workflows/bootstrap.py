"""Builds the whole from settings; the only place that chooses adapters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workflows.adapters.keys.identity import KeyedIdentity
from workflows.adapters.keys.master import MasterKey
from workflows.adapters.keys.store import KeyStore
from workflows.adapters.settings import Settings
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.schema import has_begun, has_events
from workflows.adapters.store.store import Store
from workflows.adapters.views.books_log import BooksLog
from workflows.kernel.clock import Clock, FixedClock, SteeredClock, today
from workflows.kernel.errors import WrongUsage
from workflows.kernel.ids import NewId, SeededIds, time_ordered

if TYPE_CHECKING:
    from workflows.adapters.attachments import Attachments, Kept
    from workflows.adapters.memory import MemoryLog
    from workflows.adapters.notify.build import Notifying
    from workflows.adapters.notify.inbox import Inbox
    from workflows.adapters.views.live import SqlLiveRows
    from workflows.adapters.views.rebuild import Rebuilding
    from workflows.adapters.views.runner import Views
    from workflows.application.amending import Amending
    from workflows.application.books import States
    from workflows.application.importing.run import Importing
    from workflows.application.importing.undo import UndoingImports
    from workflows.application.recording import Recording
    from workflows.application.story_tables import Story
    from workflows.policies.rules import Rules
    from workflows.projections.answers import Answering
    from workflows.projections.impact import Impact
    from workflows.scheduler.worker import Scheduler

__all__ = ["App", "Settings", "keep_log", "memory_app", "open_app", "open_keys", "story_app"]

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
    from workflows.adapters import packs
    from workflows.adapters.memory import MemoryLog, PlainIdentity
    from workflows.application.recording import Recording
    from workflows.policies.rules import Rules

    calendar = packs.calendar().with_overrides(frozenset(holidays), frozenset(workdays))
    rules = Rules(packs.stacked(pack_names, base), calendar)
    clock = FixedClock(datetime(2000, 1, 1, tzinfo=UTC))
    log = MemoryLog(clock)
    library = partial(packs.text_of, base=base or Path())
    recording = Recording(
        log, rules, clock, PlainIdentity(), SeededIds(seed), allow_future=True, library=library
    )
    return MemoryApp(log, clock, rules, recording)


def story_app(story: Story, base: Path | None = None) -> MemoryApp:
    """Return an empty county in memory with the packs and the calendar of a story."""
    days = story.calendar
    return memory_app(
        story.packs, base=base, holidays=days.holidays, workdays=days.workdays, seed=story.title
    )


class App:
    """The whole over a database; to be closed at the end, best as a context manager.

    Each part is built when it is first asked for: most calls need few of them, and rules and scheduler bring
    much along.
    """

    def __init__(self, settings: Settings, keys: KeyStore, store: Store, clock: SteeredClock, new_id: NewId):
        self.settings, self.keys, self.log, self.clock = settings, keys, BooksLog(store), clock
        self._new_id = new_id

    @cached_property
    def rules(self) -> Rules:
        """The national rules."""
        from workflows.adapters import packs
        from workflows.policies.rules import Rules, national

        return Rules(national(packs.shipped()), packs.calendar())

    @cached_property
    def views(self) -> Views:
        """The kept views, in pages of the usual size."""
        from workflows.adapters.views.runner import Views

        return Views(self.log, self.rules, self.clock, states=self._states)

    @cached_property
    def _states(self) -> States:
        """The states that views and recording share."""
        from workflows.application.books import States

        return States()

    @cached_property
    def live(self) -> SqlLiveRows:
        """The rows of the views for who asks about now."""
        from workflows.adapters.views.live import SqlLiveRows

        return SqlLiveRows(self.views)

    @cached_property
    def recording(self) -> Recording:
        """Records commands, with the views in their transactions."""
        from workflows.adapters import packs
        from workflows.application.recording import Recording

        return Recording(
            self.log,
            self.rules,
            self.clock,
            KeyedIdentity(self.keys),
            self._new_id,
            inline=(self.views,),
            states=self._states,
            library=packs.text_of,
        )

    @cached_property
    def amending(self) -> Amending:
        """Corrects and retracts."""
        from workflows.application.amending import Amending

        return Amending(self.recording)

    @cached_property
    def importing(self) -> Importing:
        """Imports workbooks; the views follow at the end."""
        from workflows.adapters.workbooks.branches import suggest_branch
        from workflows.adapters.workbooks.rows import CellError
        from workflows.application.importing.run import Importing
        from workflows.application.recording import Recording

        bulk = Recording(self.log, self.rules, self.clock, KeyedIdentity(self.keys), self._new_id)
        return Importing(bulk, CellError, suggest_branch, self.catch_up)

    @cached_property
    def undoing(self) -> UndoingImports:
        """Withdraws imports."""
        from workflows.application.importing.undo import UndoingImports

        return UndoingImports(self.recording)

    @cached_property
    def rebuilding(self) -> Rebuilding:
        """Rebuilds views beside the old ones."""
        from workflows.adapters.views.rebuild import Rebuilding

        return Rebuilding(self.views)

    @cached_property
    def impact(self) -> Impact:
        """Replays draft packs over the books."""
        from workflows.projections.impact import Impact

        return Impact(self.log, self.rules, self.clock)

    @cached_property
    def attachments(self) -> Attachments:
        """The files kept beside their hashes."""
        from workflows.adapters.attachments import Attachments

        return Attachments(self.settings.home / "attachments")

    def check_attachments(self) -> Kept:
        """Check the files kept against what the records say."""
        from workflows.adapters.attachments import hashes_kept

        return self.attachments.check(hashes_kept(self.log))

    @cached_property
    def answering(self) -> Answering:
        """Answers questions."""
        from workflows.projections.answers import Answering

        return Answering(self.log, self.rules, self.clock, self.live)

    @cached_property
    def _telling(self) -> Notifying:
        from workflows.adapters.notify.build import notifying
        from workflows.adapters.notify.settings import read_settings

        def keep_up() -> None:
            """Bring the views up to the log, and their recurring rows ahead of the day."""
            self.rebuilding.refresh()
            self.views.run()
            self.views.extend(today(self.clock))

        database, told = self.log.store.database, read_settings(self.settings.home)
        return notifying(self.recording, database, told, live=self.live, first=keep_up)

    @property
    def scheduler(self) -> Scheduler:
        """Turns due reminders into messages; its tables are made when it is first asked for."""
        return self._telling.scheduler

    @property
    def inbox(self) -> Inbox:
        """What was told to whom."""
        return self._telling.inbox

    def rebuild(
        self, view: str | None = None, progress: Callable[[int, int], None] | None = None
    ) -> list[dict[str, object]]:
        """Rebuild views beside the old ones, compare, switch; one row a view, ``equal`` if nothing differed.

        Raises:
            WrongUsage: ``view-unknown``.
        """
        tell = (lambda _, done, all_: progress(done, all_)) if progress else None
        found = self.rebuilding.rebuild(view, tell)
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
        from workflows.adapters import packs
        from workflows.application.amending import Amending
        from workflows.application.demo.play import OFFICE_BATCH, play_county
        from workflows.application.recording import Recording

        with self.log.read() as reading:
            first = reading.event_at(1)
        if first is not None and first.origin != "demo":
            raise WrongUsage("books-not-empty", home=str(self.settings.home))
        told: dict[str, object] = {"seed": seed, "years": years, "played": first is None}
        day = today(self.clock)
        if first is None:
            ids = SeededIds(f"demo/{seed}")
            recording = Recording(
                self.log, self.rules, self.clock, KeyedIdentity(self.keys), ids, library=packs.text_of
            )
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
            book, actor = read_workbook(path, today=day), self.settings.actor
            report = self.importing.run(book, actor=actor, batch=OFFICE_BATCH)
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

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Bring every view up to the log in large pages: after much was recorded at once."""
        from workflows.adapters.views.runner import Views

        Views(self.log, self.rules, self.clock, page=LARGE_PAGE).run(progress)

    def close(self) -> None:
        """Finish what was submitted and close the database and the key store."""
        if "_telling" in self.__dict__:
            self.scheduler.stop()
        self.log.store.close()
        self.log.store.database.engine.dispose()
        self.keys.close()

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    new_id: NewId = time_ordered,
    on_new: Callable[[str], None] | None = None,
) -> App:
    """Open the database and keys of a home, and build everything over them; what is missing is made.

    ``on_new`` is told of a place where nothing was ever begun, once it is made. Keys are never made beside
    events: what was sealed could not be read again. ``clock`` stands still where it is given; otherwise time
    runs with the machine.

    Raises:
        Problem: the database or a key cannot be used; the code says why.
    """
    engine = make_engine(settings.database_url)
    try:
        is_new = not has_begun(engine)
        keys, _ = open_keys(settings, create=is_new or not has_events(engine))
    except BaseException:
        engine.dispose()
        raise
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    now = SteeredClock()
    if clock is not None:
        now.put(clock.now())
    app = App(settings, keys, Store(engine, keys, now, LOG_ID), now, new_id)
    if is_new and on_new is not None:
        on_new(engine.url.render_as_string(hide_password=True))
    return app


def keep_log() -> None:
    """Have what a server or worker does told on standard error: lines for people on a screen, else JSON."""
    from workflows.adapters.logs import configure

    configure("console" if sys.stderr.isatty() else "json", level="info")


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
