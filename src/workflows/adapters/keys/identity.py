"""Natural identity (身份证号) without storing it: a keyed digest, for claims that go with the erasure."""

from __future__ import annotations

from workflows.adapters.keys.store import KeyStore

SCOPE = "natural-key"


class KeyedIdentity:
    """Digests under a key that lies in the key store, never beside the events."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def digest(self, text: str) -> str:
        """Return the keyed digest of a natural key."""
        return self._keys.identity_digest(SCOPE, text)
