"""The tables of the scheduler: units followed, stages noticed, lines to tell, answers to them, lease, clock.

Ids and days only: the names of people are put in when a line is read. ``log_id`` stands first in every key.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    inspect,
)

from workflows.adapters.store.database import Database
from workflows.adapters.store.tables import Key
from workflows.adapters.store.tables import metadata as store_metadata

SCHEMA_LOCK = "schema of the scheduler"

metadata = MetaData(naming_convention=store_metadata.naming_convention)

watched_units = Table(
    "watched_units",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("since_on", Date, nullable=False, comment="what was due before is history, told in one line"),
    PrimaryKeyConstraint("log_id", "unit_id"),
)

notices = Table(
    "notices",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("key", Uuid, nullable=False, comment="one stage of one matter: never noticed twice"),
    Column("matter_id", Uuid, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("rule", Key, nullable=False),
    Column("stage", Key, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("noticed_on", Date, nullable=False),
    PrimaryKeyConstraint("log_id", "key"),
    Index(None, "log_id", "unit_id", "due_on"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("key", Uuid, nullable=False, comment="idempotency key: matter, stage, channel, recipient"),
    Column("channel", Key, nullable=False),
    Column("recipient", Key, nullable=False, comment="a unit's id (inbox), an address (mail)"),
    Column("unit_id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("rule", Key, nullable=False),
    Column("subject", Text, nullable=False),
    Column("stage", Key, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("first_on", Date),
    Column("ends_on", Date),
    Column("count", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("noticed_on", Date, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("state", Key, nullable=False, comment="queued sending accepted retry refused dead"),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False, comment="not before; while sending: when to give it up"),
    Column("delivery_id", Uuid, comment="the newest attempt, see deliveries"),
    PrimaryKeyConstraint("log_id", "key"),
    Index(None, "log_id", "state", "next_at"),
    Index(None, "log_id", "channel", "recipient", "noticed_on"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("delivery_id", Uuid, nullable=False, comment="one attempt to hand over one digest"),
    Column("channel", Key, nullable=False),
    Column("recipient", Key, nullable=False),
    Column("message_id", Text, nullable=False, comment="the same for each attempt with the same lines"),
    Column("line_count", Integer, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger),
    Column("answer", Key, nullable=False, comment="sending accepted retry refused unknown"),
    Column("code", Text),
    Column("detail", Text),
    PrimaryKeyConstraint("log_id", "delivery_id"),
    Index(None, "log_id", "channel", "recipient", "begun_at"),
)

leases = Table(
    "leases",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("name", Key, nullable=False),
    Column("holder", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, comment="by the clock of the database"),
    PrimaryKeyConstraint("log_id", "name"),
)

clock_jumps = Table(
    "clock_jumps",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("jump_id", Uuid, nullable=False),
    Column("kind", Key, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    Column("noticed_at", BigInteger, nullable=False),
    Column("expected_at", BigInteger, nullable=False),
    Column("settled_by", Text),
    Column("settled_at", BigInteger),
    PrimaryKeyConstraint("log_id", "jump_id"),
)


def prepare(database: Database) -> None:
    """Make the tables if they are missing; changes nothing the second time."""
    with database.reading() as connection:
        if inspect(connection).has_table(clock_jumps.name):
            return
    with database.writing(SCHEMA_LOCK) as connection:  # several processes may start at once
        metadata.create_all(connection)
