"""Bringing views up to the log: a page of events at a time, each page exactly once, whoever runs.

Rows are derived from what a reader sees, outside any lock; the transaction that writes them first moves the
position on by compare-and-set on position and epoch. Whoever loses writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from workflows.adapters.views.books_log import BooksLog, BooksReading, BooksTransaction
from workflows.adapters.views.directory import ALL_AT_ONCE
from workflows.adapters.views.keeper import Keeper, ViewState
from workflows.application.books import Books, States
from workflows.application.ports import Transaction
from workflows.kernel.clock import Clock, today
from workflows.kernel.events import Recorded
from workflows.policies.rules import Rules
from workflows.projections.deriving import (
    NEVER,
    Derived,
    counted_along,
    derive,
    keys_of,
    ruled_by,
    spoken_of_anew,
)
from workflows.projections.view import VIEWS, View, horizon_from

PAGE = 2_000
MOST_INLINE = 200
"""Streams under changed rules up to which a command waits until their rows are derived."""

LEAST_MONTHS_AHEAD = 13
"""When the horizon comes nearer than this, it is extended."""


class Views:
    """The kept views of one log: inline in a command's transaction, by pages behind it, extended."""

    def __init__(
        self,
        log: BooksLog,
        rules: Rules,
        clock: Clock,
        views: Sequence[View] = VIEWS,
        *,
        page: int = PAGE,
        states: States | None = None,
    ) -> None:
        """``states`` are those of the recording in whose transactions the views are kept."""
        self.log, self.rules, self.clock, self.page = log, rules, clock, page
        self._kept = States() if states is None else states
        self.keepers = tuple(Keeper(log.log_id, view) for view in views)

    # --- in the command's own transaction ------------------------------------------------------------------

    def __call__(self, transaction: Transaction, records: Iterable[Recorded]) -> None:
        """Bring the views up to ``records``, just appended; a view that lags behind is left to :meth:`run`.

        However many events a transaction has, each touched stream is derived once.
        """
        new = list(records)
        if not new or not isinstance(transaction, BooksTransaction):
            return
        first, last = new[0].position, new[-1].position
        connection = transaction.connection
        states = self._begun(connection)
        ready = [keeper for keeper in self.keepers if states[keeper.view.name].position == first - 1]
        ready = [keeper for keeper in ready if states[keeper.view.name].version == keeper.view.version]
        if not ready or last - first + 1 != len(new):
            return
        topics: dict[UUID, set[str]] = defaultdict(set)
        for record in new:
            topics[record.stream_id].add(record.event.topic())
        if any(len(ruled_by(s, names, transaction.directory)) > MOST_INLINE for s, names in topics.items()):
            return  # a change of rules for many is derived behind the log, not while somebody waits
        for keepers in _alike(ready, states):
            self._apply(transaction, keepers, states, topics, last)

    def _apply(
        self,
        transaction: BooksTransaction,
        keepers: Sequence[Keeper],
        states: dict[str, ViewState],
        topics: dict[UUID, set[str]],
        position: int,
    ) -> None:
        connection = transaction.connection
        known = states[keepers[0].view.name]
        streams = self._touched(transaction, keepers, states, topics)
        self._kept.catch_up(transaction)
        books = Books(transaction, self.rules, states=self._kept)
        found = derive(books, [keeper.view for keeper in keepers], streams, known.horizon)
        for keeper in keepers:
            derived = found[keeper.view.name]
            if keeper.advance(connection, states[keeper.view.name], position, _latest(derived)):
                keeper.replace(connection, states[keeper.view.name].slot, derived, position)

    def _begun(self, connection: Connection) -> dict[str, ViewState]:
        horizon = horizon_from(today(self.clock))
        return {keeper.view.name: keeper.begin(connection, horizon) for keeper in self.keepers}

    def _touched(
        self,
        reading: BooksReading,
        keepers: Sequence[Keeper],
        states: dict[str, ViewState],
        topics: dict[UUID, set[str]],
    ) -> list[UUID]:
        """Return the streams with new events, and those whose rows rest on what these changed."""
        keys: set[str] = set()
        along = counted_along(topics, reading)
        topics = {one: topics.get(one, set()) | along.get(one, set()) for one in (*topics, *along)}
        if len(topics) >= ALL_AT_ONCE:
            reading.directory.read_everybody()
        for stream_id, names in topics.items():
            keys |= keys_of(stream_id, names, reading.directory)
        others = spoken_of_anew(topics, reading)
        for stream_id, names in topics.items():
            others.update(ruled_by(stream_id, names, reading.directory))
        for keeper in keepers:
            others |= keeper.dependents(reading.connection, states[keeper.view.name].slot, keys)
        return [*topics, *sorted(others - topics.keys())]

    # --- behind the log -------------------------------------------------------------------------------------

    def run(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Read on until every view is at the end of the log; return how many events were taken in."""
        total = 0
        while True:
            taken, position, head = self.step()
            total += taken
            if progress is not None:
                progress(position, head)
            if position >= head:
                return total

    def step(self) -> tuple[int, int, int]:
        """Take in one page; return the events taken in, the position of the view furthest behind, the head.

        Nothing is taken in when another runner, or a command, was there first.
        """
        self.prepare()
        with self.log.read() as reading:
            states = self._states(reading.connection)
            head = reading.head()
            start = min(state.position for state in states.values())
            if start >= head:
                return 0, start, head
            behind = [keeper for keeper in self.keepers if states[keeper.view.name].position == start]
            keepers = _alike(behind, states)[0]
            known = states[keepers[0].view.name]
            page = reading.touched_since(start, self.page)
            topics: dict[UUID, set[str]] = defaultdict(set)
            for _, stream_id, topic in page:
                topics[stream_id].add(topic)
            streams = self._touched(reading, keepers, states, topics)
            books = Books(reading, self.rules)
            found = derive(books, [keeper.view for keeper in keepers], streams, known.horizon)
            end = page[-1][0]
        return self._write(keepers, states, found, end, len(page)), end, head

    def _write(
        self,
        keepers: Sequence[Keeper],
        states: dict[str, ViewState],
        found: dict[str, dict[UUID, Derived]],
        end: int,
        count: int,
    ) -> int:
        written = 0
        with self.log.store.database.writing() as connection:
            for keeper in keepers:
                known, derived = states[keeper.view.name], found[keeper.view.name]
                if keeper.advance(connection, known, end, _latest(derived)):
                    keeper.replace(connection, known.slot, derived, end)
                    written = count
        return written

    def prepare(self) -> None:
        """Put every view on the books."""
        with self.log.read() as reading:
            if all(keeper.state(reading.connection) for keeper in self.keepers):
                return
        with self.log.write() as transaction:
            self._begun(transaction.connection)

    def _states(self, connection: Connection) -> dict[str, ViewState]:
        found = {}
        for keeper in self.keepers:
            state = keeper.state(connection)
            if state is None:
                raise RuntimeError(f"{keeper.view.name} vanished")
            found[keeper.view.name] = state
        return found

    # --- ahead of today ------------------------------------------------------------------------------------

    def extend(self, day: date, progress: Callable[[int, int], None] | None = None) -> bool:
        """Derive what recurs further ahead, before the horizon runs out; say whether there was need.

        From the first transaction on new rows reach to the new horizon; ``reached`` follows once all do.
        """
        horizon = horizon_from(day)
        with self.log.write() as transaction:
            states = self._begun(transaction.connection)
            late = [k for k in self.keepers if _is_near(states[k.view.name].reached, day)]
            for keeper in late:
                known = states[keeper.view.name]
                if known.horizon < horizon:
                    keeper.set_horizon(transaction.connection, known, horizon)
        if late:
            self._extend(late, progress)
        return bool(late)

    def _extend(self, keepers: Sequence[Keeper], progress: Callable[[int, int], None] | None) -> None:
        views = [keeper.view for keeper in keepers]
        with self.log.read() as reading:
            streams = all_streams(reading)
        done = 0
        while done < len(streams):
            self.run()
            with self.log.read() as reading:
                states = self._states(reading.connection)
                some = streams[done : done + STREAMS_AT_A_TIME]
                found = derive(Books(reading, self.rules), views, some, states[views[0].name].horizon)
            with self.log.store.database.writing() as connection:
                for keeper in keepers:
                    known, name = states[keeper.view.name], keeper.view.name
                    # only if nothing was recorded since: else these rows may be older than those there
                    if not keeper.advance(connection, known, known.position, NEVER):
                        break
                    keeper.replace(connection, known.slot, found[name], known.position)
                else:
                    done += len(some)
            if progress is not None:
                progress(done, len(streams))
        with self.log.write() as transaction:
            for keeper in keepers:
                state = self._states(transaction.connection)[keeper.view.name]
                keeper.set_reached(transaction.connection, state, state.horizon)

    def parked(self) -> list[tuple[str, UUID, int, str]]:
        """Return the streams whose rows could not be derived: view, stream, position, name of the error."""
        self.prepare()
        with self.log.read() as reading:
            states = self._states(reading.connection)
            return [
                (keeper.view.name, *row)
                for keeper in self.keepers
                for row in keeper.parked(reading.connection, states[keeper.view.name].slot)
            ]


STREAMS_AT_A_TIME = 500


def all_streams(reading: BooksReading) -> list[UUID]:
    """Return every stream: each unit before its people, the cases behind them all."""
    units = [entry.id for entry in reading.directory.units()]
    streams = [i for unit in units for i in (unit, *reading.directory.people_of(unit))]
    return list(dict.fromkeys([*streams, *(entry.id for entry in reading.directory.files())]))


def _is_near(reached: date, day: date) -> bool:
    return (reached.year - day.year) * 12 + reached.month - day.month < LEAST_MONTHS_AHEAD


def _latest(derived: dict[UUID, Derived]) -> date:
    return max((found.latest_on for found in derived.values()), default=NEVER)


def _alike(keepers: Sequence[Keeper], states: dict[str, ViewState]) -> list[list[Keeper]]:
    """Return the views in groups that stand at one place with one horizon: they are derived together."""
    groups: dict[tuple[object, ...], list[Keeper]] = defaultdict(list)
    for keeper in keepers:
        state = states[keeper.view.name]
        groups[state.position, state.horizon].append(keeper)
    return list(groups.values())
