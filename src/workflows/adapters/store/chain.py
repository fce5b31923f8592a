"""A hash chain over every column of every event, and an RFC 9162 tree head over the chain.

``chain[n] = SHA-256(chain[n-1] + row_bytes(row n))``, beginning with ``genesis(log_id)``. The stored bytes
are hashed as they lie, personal fields as ciphertext, so that erasing a person's key leaves the chain whole.

A chain that stands in the same database proves nothing against whoever can write that database: it can be
computed anew. What proves is a head (position and chain) held elsewhere; :func:`verify` therefore says up to
where heads from outside reach, and claims nothing beyond. Heads are not signed yet.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

ALGORITHM = "sha256"

_FIXED = struct.Struct(">BIqqqqqBiiiiii")
_FORMAT = 1
_NO_UUID = bytes(16)


class EventRow(NamedTuple):
    """One row of ``events``, in Python's types; ``recorded_at`` in microseconds since 1970, UTC."""

    log_id: str
    position: int
    stream_id: UUID
    version: int
    event_id: UUID | None
    topic: str
    schema_version: int | None
    data: bytes
    actor: str | None
    origin: str | None
    unit_id: UUID | None
    command_id: UUID | None
    correlation_id: UUID | None
    causation_id: UUID | None
    recorded_at: int | None
    effective_on: date | None
    as_history: bool | None
    reason: str | None
    chain: bytes


class Head(NamedTuple):
    """The end of a log: position of the last event (0: none), its chain hash, when it was recorded (µs)."""

    position: int
    chain: bytes
    recorded_at: int


def genesis(log_id: str) -> bytes:
    """Return what the chain of an empty log begins with."""
    return hashlib.sha256(b"zhibu chain 1\0" + log_id.encode()).digest()


def row_bytes(row: EventRow) -> bytes:
    """Return all columns but ``chain`` as bytes that no other row has.

    A head of fixed size (format, which columns are null, the numbers, the length of each text), the ids with
    16 bytes each, the texts in UTF-8, the data. Big-endian; a null number is 0, a null id zeros, a null text
    empty.
    """
    log_id, topic = row.log_id.encode(), row.topic.encode()
    actor = b"" if row.actor is None else row.actor.encode()
    origin = b"" if row.origin is None else row.origin.encode()
    reason = b"" if row.reason is None else row.reason.encode()
    nulls = 0
    for value in row[:-1]:
        nulls = nulls << 1 | (value is None)
    ids = b"".join(_NO_UUID if value is None else value.bytes for value in (row[2], row[4], *row[10:14]))
    return b"".join(
        (
            _FIXED.pack(
                _FORMAT, nulls, row.position, row.version, row.schema_version or 0, row.recorded_at or 0,
                0 if row.effective_on is None else row.effective_on.toordinal(), bool(row.as_history),
                len(log_id), len(topic), len(actor), len(origin), len(reason), len(row.data),
            ),
            ids, log_id, topic, actor, origin, reason, row.data,
        )
    )  # fmt: skip


def link(previous: bytes, row: EventRow) -> bytes:
    """Return the chain hash of ``row`` after ``previous``; the row's own ``chain`` is not looked at."""
    return hashlib.sha256(previous + row_bytes(row)).digest()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a position: ``missing``, ``changed``, ``time-back``, ``short`` or ``head-differs``."""

    position: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What :func:`verify` found.

    Attributes:
        head: the end of the log as recomputed.
        faults: in the order of positions; empty when nothing was found.
        covered: the last position vouched for by a head from outside; 0 when none was given. Whatever lies
            after it could have been written anew as a whole without being noticed.
        tree: the RFC 9162 tree over the chain, up to the head.
    """

    head: Head
    faults: tuple[Fault, ...]
    covered: int
    tree: Tree


def verify(
    log_id: str,
    rows: Iterable[EventRow],
    *,
    outside: Mapping[int, bytes] | None = None,
    after: Head | None = None,
    tree: Tree | None = None,
) -> Verdict:
    """Recompute the chain over ``rows`` (in order, to the end of the log) and compare it with outside heads.

    ``outside`` maps positions to chain hashes. ``after`` begins behind a head that was verified before,
    with the ``tree`` of that time; without them the whole log is expected. After a changed row the chain goes
    on from the hash that is stored, so that one change is one fault and not all that follow.
    """
    outside = outside or {}
    head = after or Head(0, genesis(log_id), 0)
    tree = tree or Tree()
    faults, covered = list[Fault](), 0
    for row in rows:
        if row.position != head.position + 1:
            faults.append(Fault(head.position + 1, "missing"))
        elif link(head.chain, row) != row.chain or row.log_id != log_id:
            faults.append(Fault(row.position, "changed"))
        if (row.recorded_at or 0) < head.recorded_at:
            faults.append(Fault(row.position, "time-back"))
        if row.position in outside:
            if outside[row.position] == row.chain:
                covered = row.position
            else:
                faults.append(Fault(row.position, "head-differs"))
        head = Head(row.position, row.chain, max(row.recorded_at or 0, head.recorded_at))
        tree.append(row.chain)
    faults += [Fault(position, "short") for position in sorted(outside) if position > head.position]
    return Verdict(head, tuple(faults), covered, tree)


@dataclass(slots=True)
class Tree:
    """An RFC 9162 Merkle tree that only grows; keeps no more than the perfect subtrees on its right edge."""

    size: int = 0
    _edge: list[bytes] = field(default_factory=list)

    def append(self, entry: bytes) -> None:
        """Add one entry (for a log: the chain hash of the next event)."""
        node = hashlib.sha256(b"\0" + entry).digest()
        size = self.size
        while (
            size & 1
        ):  # a subtree of the same size stands to the left: together they are the next bigger one
            node = _parent(self._edge.pop(), node)
            size >>= 1
        self._edge.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Return the tree head (RFC 9162, section 2.1.1)."""
        edge: Iterator[bytes] = reversed(self._edge)
        node = next(edge, None)
        if node is None:
            return hashlib.sha256(b"").digest()
        for left in edge:
            node = _parent(left, node)
        return node


def _parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
