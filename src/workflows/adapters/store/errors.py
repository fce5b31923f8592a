"""What the store answers when it cannot do what it was asked; the sentences stand in the message catalogue.

Codes of the kernel's ``Conflict``: ``stream-changed``, ``record-repeated``, ``claim-taken``,
``command-id-reused``; of its ``OutcomeUnknown``: ``outcome-unknown``; and those below.
"""

from __future__ import annotations

from workflows.kernel.errors import NotWhole, Problem


class StoreFailed(Problem):
    """Nothing was recorded, and it is certain (disk full, a statement refused); code ``store-failed``."""

    exit_code = 1


class StoreBusy(Problem):
    """Nothing was recorded: others held the log too long, or too many wait; code ``store-busy``."""

    exit_code = 1


class StoreClosed(Problem):
    """Nothing was recorded: the store is closed, or stopped by a failing disk; code ``store-closed``."""

    exit_code = 1


class UnsafeDatabase(Problem):
    """The database would not keep what it acknowledges, or is not ours to write; the code says why.

    ``sqlite-no-wal``, ``sqlite-not-synchronous``, ``postgres-not-synchronous``, ``postgres-not-utf8``,
    ``schema-newer`` (a newer program has written here), ``schema-foreign`` (tables that are not ours).
    """

    exit_code = 1


class UnreadableEvent(NotWhole):
    """An event is not skipped when it cannot be read: the reader stops.

    ``event-unknown`` (no such topic), ``event-newer`` (written by a newer program), ``event-no-upcast``,
    ``event-damaged`` (the bytes do not decode, or a sealed part does not open).
    """
