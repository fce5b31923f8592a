"""The recording use case over a real database: for tests of adapters."""

from __future__ import annotations

from pathlib import Path

from workflows.adapters import packs
from workflows.adapters.keys.master import MasterKey
from workflows.adapters.keys.store import KeyStore
from workflows.adapters.memory import PlainIdentity
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.store import Store
from workflows.adapters.views.books_log import BooksLog
from workflows.application.recording import Recording
from workflows.kernel.clock import Clock
from workflows.kernel.ids import time_ordered
from workflows.policies.rules import Rules

LOG_ID = "county"
SECRET = bytes(range(32))


def open_recording(url: str, folder: Path, clock: Clock) -> tuple[Recording, Store]:
    """Return the recording use case and its store; the key store lies in ``folder``."""
    keys = KeyStore(folder / "keys.db", MasterKey(SECRET), create=True)
    store = Store(make_engine(url), keys, clock, LOG_ID)
    rules = Rules(packs.stacked(["central"], None), packs.calendar())
    return Recording(BooksLog(store), rules, clock, PlainIdentity(), time_ordered), store
