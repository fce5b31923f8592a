"""Rebuilding a view beside the one in use, comparing the two, then switching; nothing is ever sent.

While it lasts commands go on and the old rows are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from workflows.adapters.views.books_log import BooksReading, BooksTransaction
from workflows.adapters.views.directory import DIRECTORY
from workflows.adapters.views.keeper import Keeper, ViewState
from workflows.adapters.views.runner import STREAMS_AT_A_TIME, Views, all_streams
from workflows.application.books import Books
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.projections.deriving import NEVER, derive, keys_of, ruled_by
from workflows.projections.view import horizon_from

SHOWN = 20
"""How many streams that differ are named."""


class Rebuilt(msgspec.Struct, frozen=True):
    """What a rebuild found; ``differing`` names streams whose rows were not what the log says."""

    view: str
    streams: int
    rows: int
    is_equal: bool
    differing: tuple[str, ...] = ()
    parked: int = 0


Progress = Callable[[str, int, int], None]


class Rebuilding:
    """Rebuilds views of one log."""

    def __init__(self, views: Views) -> None:
        self.views = views
        self.names = (DIRECTORY, *(keeper.view.name for keeper in views.keepers))

    def rebuild(self, name: str | None = None, progress: Progress | None = None) -> list[Rebuilt]:
        """Rebuild one view, or all of them, the directory first.

        Raises:
            WrongUsage: ``view-unknown``.
        """
        if name not in (None, "all", *self.names):
            raise WrongUsage("view-unknown", view=name, views=list(self.names))
        report = progress or (lambda view, done, total: None)
        found = [self._directory(report)] if name in (None, "all", DIRECTORY) else []
        wanted = [k for k in self.views.keepers if name in (None, "all", k.view.name)]
        if wanted:
            self.views.run()
            found += self._views(wanted, report)
        return found

    def refresh(self) -> list[str]:
        """Rebuild the views whose rows are of another version than this program's; return which."""
        with self.views.log.read() as reading:
            states = {k: k.state(reading.connection) for k in self.views.keepers}
        old = [k for k, state in states.items() if state is not None and state.version != k.view.version]
        if old:
            self.views.run()
            self._views(old, lambda view, done, total: None)
        return [keeper.view.name for keeper in old]

    def _directory(self, report: Progress) -> Rebuilt:
        with self.views.log.write() as transaction:
            head = transaction.head()

            def records() -> Any:
                position = 0
                while page := transaction.load_since(position, self.views.page):
                    yield from page
                    position = page[-1].position
                    report(DIRECTORY, position, head)

            is_equal = transaction.directory.replace_all(records(), transaction.load)
            streams = len(all_streams(BooksReading(transaction.unit)))
        return Rebuilt(DIRECTORY, streams, streams, is_equal)

    def _views(self, keepers: Sequence[Keeper], report: Progress) -> list[Rebuilt]:
        """Fill the other slots stream by stream, each folded once for all views; then finish each view."""
        horizon = horizon_from(today(self.views.clock))
        database, views = self.views.log.store.database, [keeper.view for keeper in keepers]
        with self.views.log.read() as reading:
            slots = {keeper.view.name: 1 - self._state(keeper, reading).slot for keeper in keepers}
            streams, head = all_streams(reading), reading.head()
        with database.writing() as connection:
            for keeper in keepers:
                keeper.clear(connection, slots[keeper.view.name])
        latest = NEVER
        for done in range(0, len(streams), STREAMS_AT_A_TIME):
            some = streams[done : done + STREAMS_AT_A_TIME]
            with self.views.log.read() as reading:
                found = derive(Books(reading, self.views.rules), views, some, horizon)
            with database.writing() as connection:
                for keeper in keepers:
                    name = keeper.view.name
                    keeper.replace(connection, slots[name], found[name], head)
                    latest = max(latest, *(derived.latest_on for derived in found[name].values()))
            for view in views:
                report(view.name, min(done + STREAMS_AT_A_TIME, len(streams)), len(streams))
        finished = []
        for keeper in keepers:
            with self.views.log.write() as transaction:
                slot = slots[keeper.view.name]
                finished.append(self._finish(keeper, transaction, slot, head, horizon, latest, len(streams)))
        return finished

    def _finish(
        self,
        keeper: Keeper,
        transaction: BooksTransaction,
        slot: int,
        head: int,
        horizon: date,
        latest: date,
        streams: int,
    ) -> Rebuilt:
        """Take in what was recorded meanwhile, compare, switch: all under the lock of the log."""
        connection = transaction.connection
        known = self._state(keeper, transaction)
        topics: dict[UUID, set[str]] = defaultdict(set)
        position = head
        while page := transaction.touched_since(position, self.views.page):
            for _, stream_id, topic in page:
                topics[stream_id].add(topic)
            position = page[-1][0]
        if topics:
            keys: set[str] = set()
            for stream_id, names in topics.items():
                keys |= keys_of(stream_id, names, transaction.directory)
            others = keeper.dependents(connection, slot, keys)
            for stream_id, names in topics.items():
                others.update(ruled_by(stream_id, names, transaction.directory))
            late = [*topics, *(others - topics.keys())]
            found = derive(Books(transaction, self.views.rules), [keeper.view], late, horizon)[
                keeper.view.name
            ]
            keeper.replace(connection, slot, found, position)
            latest = max(latest, *(derived.latest_on for derived in found.values()))
        differing, rows = self._compare(keeper, transaction, known, slot, horizon, position)
        if not keeper.switch(connection, known, position, horizon, latest):
            raise RuntimeError(f"{keeper.view.name}: its state changed under the lock of the log")
        keeper.clear(connection, known.slot)
        return Rebuilt(
            view=keeper.view.name,
            streams=streams,
            rows=rows,
            is_equal=not differing,
            differing=tuple(str(stream) for stream in differing[:SHOWN]),
            parked=len(keeper.parked(connection, slot)),
        )

    def _compare(
        self,
        keeper: Keeper,
        transaction: BooksTransaction,
        known: ViewState,
        slot: int,
        horizon: date,
        position: int,
    ) -> tuple[list[UUID], int]:
        """Return the streams whose rows differ between the slots, and the number of new rows.

        A slot of another version, or one that had not come as far, cannot be compared.
        """
        new = keeper.everything(transaction.connection, slot)
        count = sum(map(len, new.values()))
        if known.version != keeper.view.version or known.position != position:
            return [], count
        old = keeper.everything(transaction.connection, known.slot)
        end = min(horizon, known.reached)
        differing = [
            stream
            for stream in sorted({*new, *old})
            if _within(new.get(stream, []), end) != _within(old.get(stream, []), end)
        ]
        return differing, count

    @staticmethod
    def _state(keeper: Keeper, reading: BooksReading) -> ViewState:
        state = keeper.state(reading.connection)
        if state is None:
            raise RuntimeError(f"{keeper.view.name} vanished")
        return state


def _within(rows: list[tuple[Any, ...]], end: date) -> list[tuple[Any, ...]]:
    """Return the rows that both horizons hold: those that begin by ``end``."""
    return [row for row in rows if row[4] is None or row[4] <= end]
