"""Writing and reading the rows of views: one stream's rows are replaced as a whole, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import astuple
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from workflows.adapters.views.tables import ROWS, parked, rests_on
from workflows.adapters.views.tables import state as state_table
from workflows.projections.deriving import NEVER, Derived
from workflows.projections.view import Row, View

IDS_AT_A_TIME = 500
"""Ids named in one statement; SQLite takes a bounded number of parameters."""

T = TypeVar("T")


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield ``items`` in parts that fit one statement."""
    for start in range(0, len(items), IDS_AT_A_TIME):
        yield items[start : start + IDS_AT_A_TIME]


class ViewState(msgspec.Struct, frozen=True):
    """How far a view is: see the columns of ``view_state``."""

    version: int
    slot: int
    position: int
    epoch: int
    horizon: date
    reached: date
    latest_on: date


Keyed = tuple[Any, ...]
Values = tuple[Any, ...]


class _Kept:
    """The rows of streams in one table, by what tells those of one stream apart; statements built once."""

    def __init__(
        self, table: Table, owned: Mapping[str, Any], keys: Sequence[str], values: Sequence[str]
    ) -> None:
        self._owned, self._keys, self._values = dict(owned), tuple(keys), tuple(values)
        own = [table.c[name] == value for name, value in owned.items()]
        own.append(table.c.slot == bindparam("own_slot"))
        self._query = select(table.c.stream_id, *(table.c[name] for name in (*keys, *values))).where(
            *own, table.c.stream_id.in_(bindparam("streams", expanding=True))
        )
        named = ("stream_id", *keys)
        self.deletion = delete(table).where(
            *own, *(table.c[name] == bindparam(f"own_{name}") for name in named)
        )
        self.insertion = insert(table)

    def read(
        self, connection: Connection, slot: int, streams: Sequence[UUID]
    ) -> dict[UUID, dict[Keyed, Values]]:
        """Return the rows of these streams in a slot."""
        found: dict[UUID, dict[Keyed, Values]] = {}
        count = 1 + len(self._keys)
        for row in connection.execute(self._query, {"own_slot": slot, "streams": list(streams)}):
            found.setdefault(row[0], {})[tuple(row[1:count])] = tuple(row[count:])
        return found

    def gone(self, slot: int, stream: UUID, key: Keyed) -> dict[str, Any]:
        """Return the parameters by which a row is deleted."""
        named = {f"own_{name}": value for name, value in zip(self._keys, key, strict=True)}
        return {"own_slot": slot, "own_stream_id": stream, **named}

    def new(self, slot: int, stream: UUID, key: Keyed, values: Values) -> dict[str, Any]:
        """Return the parameters by which a row is inserted."""
        named = dict(zip((*self._keys, *self._values), (*key, *values), strict=True))
        return {**self._owned, "slot": slot, "stream_id": stream, **named}


class Keeper:
    """The rows of one view of one log, over a connection given each time."""

    def __init__(self, log_id: str, view: View) -> None:
        self.log_id, self.view = log_id, view
        self.table = ROWS[view.name]
        self.rows = _Kept(self.table, {"log_id": log_id}, ("number",), Row.__struct_fields__)
        owned = {"log_id": log_id, "view": view.name}
        self.notes = _Kept(rests_on, owned, ("key",), ())
        self.troubles = _Kept(parked, owned, (), ("position", "error"))
        self._own = (state_table.c.log_id == log_id, state_table.c.name == view.name)

    # --- how far ----------------------------------------------------------------------------------------

    def state(self, connection: Connection) -> ViewState | None:
        """Return how far the view is; None before it was ever filled."""
        columns = [state_table.c[name] for name in ViewState.__struct_fields__]
        row = connection.execute(select(*columns).where(*self._own)).first()
        return None if row is None else ViewState(*row)

    def begin(self, connection: Connection, horizon: date) -> ViewState:
        """Put the view on the books, empty and at position 0, unless somebody did."""
        known = self.state(connection)
        if known is not None:
            return known
        begun = ViewState(self.view.version, 0, 0, 1, horizon, horizon, NEVER)
        values = msgspec.structs.asdict(begun)
        connection.execute(insert(state_table).values(log_id=self.log_id, name=self.view.name, **values))
        return begun

    def advance(self, connection: Connection, known: ViewState, position: int, latest_on: date) -> bool:
        """Move on from ``known`` to ``position``; False when somebody else did: then nothing may be written.

        Done before any row is written: the row of the state is then held until the end of the transaction.
        """
        return self._compare_and_set(
            connection, known, position=position, latest_on=max(known.latest_on, latest_on)
        )

    def _compare_and_set(self, connection: Connection, known: ViewState, **values: Any) -> bool:
        done = connection.execute(
            update(state_table)
            .where(*self._own, state_table.c.position == known.position, state_table.c.epoch == known.epoch)
            .values(**values)
        )
        return bool(done.rowcount == 1)

    def set_horizon(self, connection: Connection, known: ViewState, horizon: date) -> bool:
        """Have everything derived from now on reach to ``horizon``."""
        return self._compare_and_set(connection, known, horizon=horizon, epoch=known.epoch + 1)

    def set_reached(self, connection: Connection, known: ViewState, reached: date) -> bool:
        """Say that every row reaches as far."""
        return self._compare_and_set(connection, known, reached=reached)

    def switch(
        self, connection: Connection, known: ViewState, position: int, horizon: date, latest_on: date
    ) -> bool:
        """Have the other slot read from now on, filled up to ``position``."""
        return self._compare_and_set(
            connection,
            known,
            version=self.view.version,
            slot=1 - known.slot,
            position=position,
            epoch=known.epoch + 1,
            horizon=horizon,
            reached=horizon,
            latest_on=latest_on,
        )

    # --- rows -------------------------------------------------------------------------------------------

    def replace(
        self, connection: Connection, slot: int, derived: Mapping[UUID, Derived], position: int
    ) -> None:
        """Put the rows of these streams in the place of those before."""
        self._put(
            connection,
            self.rows,
            slot,
            {
                stream: {(number,): astuple(row) for number, row in enumerate(found.rows)}
                for stream, found in derived.items()
                if found.error is None
            },
        )
        self._put(
            connection,
            self.notes,
            slot,
            {
                stream: {(key,): () for key in sorted(found.rests_on)}
                for stream, found in derived.items()
                if found.error is None
            },
        )
        self._put(
            connection,
            self.troubles,
            slot,
            {
                stream: {} if found.error is None else {(): (position, found.error)}
                for stream, found in derived.items()
            },
        )

    def _put(
        self, connection: Connection, kept: _Kept, slot: int, wanted: Mapping[UUID, Mapping[Keyed, Values]]
    ) -> None:
        """Have exactly the wanted rows of each stream in a slot; what is there already is left alone.

        Of a branch's hundreds of rows a meeting changes one or two.
        """
        gone: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        for streams in chunks(list(wanted)):
            before = kept.read(connection, slot, streams)
            for stream in streams:
                was, shall_be = before.get(stream, {}), wanted[stream]
                gone += [kept.gone(slot, stream, key) for key in was if shall_be.get(key) != was[key]]
                new += [
                    kept.new(slot, stream, key, values)
                    for key, values in shall_be.items()
                    if was.get(key) != values
                ]
        if gone:
            connection.execute(kept.deletion, gone)
        if new:
            connection.execute(kept.insertion, new)

    def clear(self, connection: Connection, slot: int) -> None:
        """Empty a slot."""
        for table in (self.table, rests_on, parked):
            connection.execute(delete(table).where(*self._in_slot(table, slot)))

    def _in_slot(self, table: Any, slot: int) -> tuple[Any, ...]:
        mine = () if table is self.table else (table.c.view == self.view.name,)
        return (table.c.log_id == self.log_id, table.c.slot == slot, *mine)

    def dependents(self, connection: Connection, slot: int, keys: Iterable[str]) -> set[UUID]:
        """Return the streams whose rows rest on any of the keys."""
        found: set[UUID] = set()
        for some in chunks(sorted(keys)):
            query = select(rests_on.c.stream_id).where(
                *self._in_slot(rests_on, slot), rests_on.c.key.in_(list(some))
            )
            found.update(row[0] for row in connection.execute(query))
        return found

    def parked(self, connection: Connection, slot: int) -> list[tuple[UUID, int, str]]:
        """Return the streams whose rows could not be derived: id, position of the page, name of the error."""
        query = select(parked.c.stream_id, parked.c.position, parked.c.error)
        return [tuple(row) for row in connection.execute(query.where(*self._in_slot(parked, slot)))]

    def everything(self, connection: Connection, slot: int) -> dict[UUID, list[tuple[Any, ...]]]:
        """Return all rows of a slot by stream, to compare two slots."""
        kept = [self.table.c[name] for name in Row.__struct_fields__]
        query = select(self.table.c.stream_id, *kept).where(*self._in_slot(self.table, slot))
        found: dict[UUID, list[tuple[Any, ...]]] = {}
        for row in connection.execute(query.order_by(self.table.c.stream_id, self.table.c.number)):
            found.setdefault(row[0], []).append(tuple(row[1:]))
        return found

    def query(self, slot: int, *columns: Any) -> Any:
        """Return a query of columns of the rows, to be narrowed."""
        return select(*columns).where(*self._in_slot(self.table, slot))
