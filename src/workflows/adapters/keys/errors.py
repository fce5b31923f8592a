"""What the key store answers when it cannot give a key; the sentences stand in the message catalogue."""

from __future__ import annotations

from workflows.kernel.errors import Problem


class KeyProblem(Problem):
    """The code says which.

    ``master-key-missing``, ``master-key-exists``, ``master-key-unreadable`` (not what ``init`` wrote),
    ``master-key-open`` (others may read the file), ``master-key-wrong`` (not the one of this key store),
    ``keys-missing`` (no key store at the path), ``keys-foreign`` (a database, but no key store),
    ``key-damaged``, ``key-erased`` (the person was erased: nothing is sealed for them any more),
    ``keys-raced`` (another process made a key for the same person meanwhile), ``keys-failed`` (the disk).
    """

    exit_code = 1
