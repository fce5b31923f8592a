"""The key store (密钥库): one data key per person, kept apart from the events it opens."""

from workflows.adapters.keys.master import MasterKey
from workflows.adapters.keys.store import KeyStore

__all__ = ["KeyStore", "MasterKey"]
