"""The tables of the views: typed columns to sort and search by, the rest of a row as JSON.

Every view has two slots; one is read, the other is where a rebuild fills it anew. No table holds personal
data.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

from workflows.adapters.store.tables import Key
from workflows.adapters.store.tables import metadata as store_metadata
from workflows.projections.view import VIEWS

metadata = MetaData(naming_convention=store_metadata.naming_convention)

units = Table(
    "directory_units",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Key, nullable=False),
    Column("kind", Key, nullable=False),
    Column("superior", Uuid),
    Column("position", BigInteger, nullable=False, comment="of the event that put it on the books"),
    PrimaryKeyConstraint("log_id", "unit_id"),
)

changes = Table(
    "directory_changes",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("dated", LargeBinary, nullable=False, comment="what the unit was from which day on, and its end"),
    PrimaryKeyConstraint("log_id", "unit_id"),
)

people = Table(
    "directory_people",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False, comment="of the event that told so first"),
    PrimaryKeyConstraint("log_id", "unit_id", "person_id"),
    Index(None, "log_id", "person_id"),
)

files = Table(
    "directory_files",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("file_id", Uuid, nullable=False),
    Column("kind", Key, nullable=False),
    Column("subject", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False, comment="the unit the case is about"),
    Column("position", BigInteger, nullable=False, comment="of the event that opened it"),
    PrimaryKeyConstraint("log_id", "file_id"),
    Index(None, "log_id", "unit_id"),
)

merges = Table(
    "directory_merges",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("person_id", Uuid, nullable=False, comment="into whom others were merged"),
    Column("told", LargeBinary, nullable=False, comment="who was, from which record on and until which"),
    PrimaryKeyConstraint("log_id", "person_id"),
)

state = Table(
    "view_state",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("name", Key, nullable=False),
    Column("version", Integer, nullable=False),
    Column("slot", Integer, nullable=False, comment="the one that is read"),
    Column("position", BigInteger, nullable=False, comment="of the last event in the rows"),
    Column("epoch", BigInteger, nullable=False, comment="changes whenever the rows are replaced as a whole"),
    Column("horizon", Date, nullable=False, comment="up to which what recurs is derived from now on"),
    Column("reached", Date, nullable=False, comment="up to which it is derived everywhere"),
    Column("latest_on", Date, nullable=False, comment="the latest day of an act in the rows"),
    PrimaryKeyConstraint("log_id", "name"),
)

rests_on = Table(
    "view_rests_on",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("view", Key, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("stream_id", Uuid, nullable=False),
    Column("key", Key, nullable=False, comment="stream:ID or members:UNIT"),
    PrimaryKeyConstraint("log_id", "view", "slot", "stream_id", "key"),
    Index(None, "log_id", "view", "slot", "key"),
)

parked = Table(
    "view_parked",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("view", Key, nullable=False),
    Column("slot", Integer, nullable=False),
    Column("stream_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("error", Text, nullable=False, comment="the name of the error: its words may quote personal data"),
    PrimaryKeyConstraint("log_id", "view", "slot", "stream_id"),
)


COUNTED = ("first_on", "done_on", "rule", "subject", "person_id", "said", "open_until", "found")
"""What rows are counted by; the indexes hold it, so that no payload is read for a number."""


def _rows(name: str) -> Table:
    return Table(
        f"view_{name}",
        metadata,
        Column("log_id", Key, nullable=False),
        Column("slot", Integer, nullable=False),
        Column("stream_id", Uuid, nullable=False),
        Column("number", Integer, nullable=False),
        Column("unit_id", Uuid),
        Column("person_id", Uuid),
        Column("rule", Key, nullable=False),
        Column("subject", Key, nullable=False),
        Column("first_on", Date),
        Column("last_on", Date),
        Column("done_on", Date),
        Column("payload", LargeBinary, nullable=False),
        Column("said", Key, comment="what is to be said of it once open_until is over"),
        Column("open_until", Date, comment="the last day on which it is pending"),
        Column("found", Integer, comment="how many acts speak for it"),
        PrimaryKeyConstraint("log_id", "slot", "stream_id", "number"),
        Index(f"ix_view_{name}_of_unit", "log_id", "slot", "unit_id", "last_on", *COUNTED),
        Index(f"ix_view_{name}_of_all", "log_id", "slot", "last_on", *COUNTED, "unit_id"),
    )


ROWS = {view.name: _rows(view.name) for view in VIEWS}
