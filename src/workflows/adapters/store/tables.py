"""The tables of a log: events, what was answered to which command, claims, followers' positions.

``log_id`` stands first in every key: one log per county, so that the tables can later be distributed by it.
Header columns of ``events`` are null only in rows written through the library's bare interfaces.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    event,
)

SCHEMA_EPOCH = 1
"""Raised by a migration that older programs must not write after."""

Key = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is compared: by its bytes, so that a new collation of the system reorders no index."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

events = Table(
    "events",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("position", BigInteger, nullable=False, comment="from 1, without gaps, in the order of commits"),
    Column("stream_id", Uuid, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("event_id", Uuid),
    Column("topic", Key, nullable=False),
    Column("schema_version", Integer),
    Column("data", LargeBinary, nullable=False, comment="the event as JSON, personal fields sealed"),
    Column("actor", Text),
    Column("origin", Text),
    Column("unit_id", Uuid),
    Column("command_id", Uuid),
    Column("correlation_id", Uuid),
    Column("causation_id", Uuid),
    Column("recorded_at", BigInteger, comment="microseconds since 1970, UTC; never decreases"),
    Column("effective_on", Date),
    Column("as_history", Boolean),
    Column("reason", Text),
    Column("chain", LargeBinary, nullable=False, comment="see chain.py"),
    PrimaryKeyConstraint("log_id", "position"),
    UniqueConstraint("log_id", "stream_id", "version"),
    UniqueConstraint("log_id", "event_id"),
)

caused = Index(
    None,
    events.c.log_id,
    events.c.causation_id,
    sqlite_where=events.c.causation_id.is_not(None),
    postgresql_where=events.c.causation_id.is_not(None),
)
"""What an event caused is found by it; logs made before have it added when they are opened."""

tracking = Table(
    "tracking",
    metadata,
    Column("log_id", Key, nullable=False, comment="whose follower"),
    Column("name", Key, nullable=False, comment="what is followed"),
    Column("position", BigInteger, nullable=False),
    PrimaryKeyConstraint("log_id", "name"),
)

claims = Table(
    "claims",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("scope", Key, nullable=False),
    Column("key", Key, nullable=False),
    Column("stream_id", Uuid, nullable=False),
    PrimaryKeyConstraint("log_id", "scope", "key"),
    Index(None, "log_id", "stream_id"),
)

command_log = Table(
    "command_log",
    metadata,
    Column("log_id", Key, nullable=False),
    Column("command_id", Uuid, nullable=False),
    Column("hash", LargeBinary, nullable=False, comment="of the command, so that an id is not used twice"),
    Column("answer", LargeBinary, nullable=False),
    Column("position", BigInteger, nullable=False, comment="of the log when it was answered"),
    Column("recorded_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("log_id", "command_id"),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Key, primary_key=True),
    Column("value", Text, nullable=False),
)

# What is recorded is never changed, not even by our own mistake. Whoever may alter the table can drop these
# triggers: the chain and its heads held elsewhere are the proof, this is the guard rail.
for _act in ("update", "delete"):
    _sqlite = DDL(  # type: ignore[no-untyped-call]
        f"create trigger events_no_{_act} before {_act} on events"
        " begin select raise(abort, 'events are only ever added'); end"
    )
    event.listen(events, "after_create", _sqlite.execute_if(dialect="sqlite"))

for _statement in (
    "create or replace function events_only_added() returns trigger language plpgsql as"
    " $$ begin raise exception 'events are only ever added'; end $$",
    "create trigger events_only_added before update or delete or truncate on events"
    " for each statement execute function events_only_added()",
):
    _postgres = DDL(_statement)  # type: ignore[no-untyped-call]
    event.listen(events, "after_create", _postgres.execute_if(dialect="postgresql"))
