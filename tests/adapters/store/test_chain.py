"""The hash chain finds what was changed, and the tree is that of RFC 9162."""

import hashlib
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.sql.elements import ColumnElement

from tests.adapters.store.sample import a_stream, noted, opened
from workflows.adapters.keys import KeyStore
from workflows.adapters.store.chain import EventRow, Fault, Tree, genesis, link, row_bytes, verify
from workflows.adapters.store.store import Store
from workflows.adapters.store.tables import events
from workflows.kernel.ids import derived

DROP_GUARDS = {
    "sqlite": ("drop trigger events_no_update", "drop trigger events_no_delete"),
    "postgresql": ("drop trigger events_only_added on events",),
}
"""What somebody does first who may alter the tables."""


@pytest.fixture
def filled(store: Store) -> Store:
    """A log of eight events, its guards taken away."""
    stream, other = a_stream(), a_stream()
    with store.write() as unit:
        unit.append([opened(stream), noted(stream, 2), noted(stream, 3, phone="13800000000")])
    with store.write() as unit:
        unit.append([opened(other, title="乙"), opened(other, 2), opened(other, 3), noted(other, 4)])
        unit.append([opened(a_stream())])
    assert store.verify().faults == ()
    with store.database.writing() as connection:
        for statement in DROP_GUARDS[connection.dialect.name]:
            connection.execute(text(statement))
    return store


CHANGES: dict[str, object] = {
    "stream_id": derived("another stream"),
    "version": 77,
    "event_id": derived("another event"),
    "topic": "test-store.noted",
    "schema_version": 2,
    "data": b'{"type":"test-store.opened","opened_on":"2026-11-20","title":"\xe4\xb8\x99"}',
    "actor": "u-13",
    "origin": "import",
    "unit_id": derived("unit"),
    "command_id": derived("command"),
    "correlation_id": derived("correlation"),
    "causation_id": derived("causation"),
    "recorded_at": 1_795_000_000_000_001,
    "effective_on": date(2026, 11, 21),
    "as_history": True,
    "reason": "",
    "chain": b"\0" * 32,
}
MOVED = {"position": 99, "log_id": "another log"}


def _change(store: Store, where: ColumnElement[bool], **values: object) -> None:
    with store.database.writing() as connection:
        done = connection.execute(update(events).where(where).values(**values))
        assert done.rowcount == 1


def test_a_change_in_any_column_is_found(filled: Store) -> None:
    assert set(CHANGES) | set(MOVED) == set(EventRow._fields)
    nulls: dict[str, object] = {column.name: None for column in events.c if column.nullable}
    with filled.read() as reader:
        (row,) = reader.rows_since(4, 1)
    fifth = events.c.event_id == row.event_id
    for column, value in [*CHANGES.items(), *MOVED.items(), *nulls.items()]:
        before = getattr(row, column)
        if before == value:
            continue  # null already
        _change(filled, fifth if column != "event_id" else events.c.position == 5, **{column: value})
        faults = filled.verify().faults
        assert faults, column
        assert faults[0].position == 5, column
        # a row moved to the end, a wrong hash and a wrong moment also show in the row behind them
        behind = {"position": 9, "chain": 6, "recorded_at": 6}.get(column, 5)
        assert {fault.position for fault in faults} <= {5, behind}, column
        _change(filled, fifth if column != "event_id" else events.c.position == 5, **{column: before})
        assert filled.verify().faults == ()


def test_a_removed_event_is_found(filled: Store) -> None:
    with filled.database.writing() as connection:
        connection.execute(delete(events).where(events.c.position == 3))
    assert filled.verify().faults == (Fault(3, "missing"),)


def test_two_exchanged_events_are_found(filled: Store) -> None:
    for position, new in ((3, 30), (4, 3), (30, 4)):
        _change(filled, events.c.position == position, position=new)
    assert {fault.position for fault in filled.verify().faults} == {3, 4, 5}


def test_sealed_bytes_are_part_of_the_chain(filled: Store) -> None:
    with filled.read() as reader:
        data = reader.rows_since(1, 1)[0].data
    place = data.index(b'"_sealed":"') + 30
    _change(filled, events.c.position == 2, data=data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert filled.verify().faults == (Fault(2, "changed"),)


def test_erasing_a_person_leaves_the_chain_whole(filled: Store, keys: KeyStore) -> None:
    with filled.read() as reader:
        stream = reader.load_since(0, 1)[0].stream_id
    assert keys.erase(stream)
    assert filled.verify().faults == ()


# --- heads held elsewhere -------------------------------------------------------------------------------


def test_what_heads_from_outside_cover_is_said(filled: Store) -> None:
    with filled.read() as reader:
        heads = {row.position: row.chain for row in reader.rows_since(0)}
    assert filled.verify().covered == 0
    verdict = filled.verify({3: heads[3], 6: heads[6]})
    assert (verdict.covered, verdict.faults, verdict.head.position) == (6, (), 8)


def test_a_chain_computed_anew_is_found_by_a_head_from_outside_only(filled: Store) -> None:
    with filled.read() as reader:
        rows = reader.rows_since(0)
    kept = {4: rows[3].chain, 8: rows[7].chain}
    chain = rows[3].chain
    for row in rows[4:]:
        forged = row._replace(actor="somebody else")
        chain = link(chain, forged)
        _change(filled, events.c.position == row.position, actor="somebody else", chain=chain)
    assert filled.verify().faults == ()  # nobody can see it from inside
    verdict = filled.verify(kept)
    assert (verdict.covered, verdict.faults) == (4, (Fault(8, "head-differs"),))


def test_a_cut_off_end_is_found_by_a_head_from_outside_only(filled: Store) -> None:
    with filled.read() as reader:
        head = reader.rows_since(7)[0].chain
    with filled.database.writing() as connection:
        connection.execute(delete(events).where(events.c.position > 6))
    assert filled.verify().faults == ()
    assert filled.verify({8: head}).faults == (Fault(8, "short"),)


def test_verifying_can_go_on_from_where_it_stopped(filled: Store) -> None:
    first = filled.verify()
    with filled.write() as unit:
        unit.append([opened(a_stream())])
    with filled.read() as reader:
        rest = verify("county", reader.rows_since(8), after=first.head, tree=first.tree)
    whole = filled.verify()
    assert (rest.head, rest.faults, rest.tree.root()) == (whole.head, (), whole.tree.root())


def test_both_databases_give_one_chain(
    open_store: Callable[..., Store], sqlite_url: str, pg_url: str
) -> None:
    stream = a_stream()
    chains = []
    for url in (sqlite_url, pg_url):
        store = open_store(url)
        with store.write() as unit:
            unit.append([opened(stream, version) for version in range(1, 4)])
        with store.database.reading() as connection:
            chains.append([bytes(row) for row in connection.execute(select(events.c.chain)).scalars()])
    assert chains[0] == chains[1]


# --- the bytes that are hashed --------------------------------------------------------------------------

TEXTS = st.none() | st.text(max_size=6)
IDS = st.none() | st.uuids()


@st.composite
def rows(draw: st.DrawFn) -> EventRow:
    """Draw a row as a database may hold it."""
    return EventRow(
        draw(st.text(max_size=4)),
        draw(st.integers(1, 2**40)),
        draw(st.uuids()),
        draw(st.integers(0, 2**40)),
        draw(IDS),
        draw(st.text(max_size=6)),
        draw(st.none() | st.integers(0, 9)),
        draw(st.binary(max_size=9)),
        draw(TEXTS),
        draw(TEXTS),
        draw(IDS),
        draw(IDS),
        draw(IDS),
        draw(IDS),
        draw(st.none() | st.integers(0, 2**52)),
        draw(st.none() | st.dates()),
        draw(st.none() | st.booleans()),
        draw(TEXTS),
        b"",
    )


@settings(deadline=None)
@given(rows(), rows())
def test_two_rows_have_the_same_bytes_only_if_they_are_equal(one: EventRow, other: EventRow) -> None:
    assert (row_bytes(one) == row_bytes(other)) == (one == other)


@settings(deadline=None)
@given(rows(), st.data())
def test_one_changed_column_changes_the_bytes(row: EventRow, data: st.DataObject) -> None:
    other = data.draw(rows())
    name = data.draw(st.sampled_from(EventRow._fields[:-1]))
    changed = row._replace(**{name: getattr(other, name)})
    assert (row_bytes(changed) == row_bytes(row)) == (changed == row)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=5), st.integers(0, 4))
def test_text_cannot_move_from_one_column_to_the_next(word: str, cut: int) -> None:
    row = EventRow(
        "log",
        1,
        UUID(int=1),
        1,
        None,
        "",
        None,
        b"",
        word,
        "",
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        "",
        b"",
    )
    assert row_bytes(row) != row_bytes(row._replace(actor=word[:cut], origin=word[cut:])) or not word[cut:]


def test_the_format_is_written_down() -> None:
    """Logs outlive programs: these bytes may never change under format 1."""
    row = EventRow(
        "county", 7, UUID(int=1), 2, UUID(int=2), "unit.meeting-held", 1, b"{}", "u-12", "web", UUID(int=3),
        None, None, None, 1_795_000_000_000_000, date(2026, 11, 20), False, None, b"",
    )  # fmt: skip
    chain = link(genesis("county"), row)
    assert chain.hex() == "5e7ffdefc12498d5133eacadb64ab44b319a06e890c9266c57d7a88a4ec64e14"


# --- the tree -------------------------------------------------------------------------------------------

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The vectors that the implementations of Certificate Transparency share."""


def test_the_tree_heads_are_those_of_certificate_transparency() -> None:
    tree = Tree()
    roots = [tree.root().hex()]
    for leaf in LEAVES:
        tree.append(bytes.fromhex(leaf))
        roots.append(tree.root().hex())
    assert roots == ROOTS


def _root_by_definition(entries: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    left, right = _root_by_definition(entries[:half]), _root_by_definition(entries[half:])
    return hashlib.sha256(b"\1" + left + right).digest()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_tree_grows_to_what_the_definition_says(entries: list[bytes]) -> None:
    tree = Tree()
    for entry in entries:
        tree.append(entry)
    assert (tree.size, tree.root()) == (len(entries), _root_by_definition(entries))
