"""A process of its own for the tests of the store: `python child.py WHAT URL KEYS MASTER …`."""

import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.adapters.store.sample import a_stream, noted, opened
from workflows.adapters.keys import KeyStore, MasterKey
from workflows.adapters.store.engine import make_engine
from workflows.adapters.store.store import Store
from workflows.adapters.store.unit import UnitOfWork
from workflows.kernel.clock import SystemClock
from workflows.kernel.errors import Conflict

stdout = threading.Lock()


def say(*words: object) -> None:
    """Tell the parent, at once and in whole lines."""
    with stdout:
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()


def append(store: Store, stream: str) -> None:
    """Record the first event of a stream as soon as the parent says so."""
    say("ready")
    sys.stdin.readline()
    try:
        with store.write() as unit:
            time.sleep(0.05)
            unit.append([opened(UUID(stream))])
        say("recorded")
    except Conflict as conflict:
        say(conflict.code)


def fall_silent(store: Store) -> None:
    """Write much and stay in the middle of the transaction."""
    with store.write() as unit:
        stream = a_stream()
        unit.append([opened(stream, version) for version in range(1, 501)])
        unit.claim("name", "half", stream)
        unit.log_command(stream, b"hash", b"answer")
        unit.flush()
        say("ready")
        time.sleep(60)


def work(store: Store) -> None:
    """Record commands of three events from four threads, and tell of each that was acknowledged."""

    def command(unit: UnitOfWork) -> tuple[int, UUID]:
        stream = a_stream()
        records = unit.append([opened(stream), noted(stream, 2), noted(stream, 3)])
        unit.claim("name", str(stream), stream)
        unit.log_command(stream, b"hash", b"answer")
        return records[-1].position, stream

    def client() -> None:
        while True:
            position, stream = store.submit(command).result()
            say("recorded", position, stream)

    say("ready")
    for _ in range(4):
        threading.Thread(target=client, daemon=True).start()
    time.sleep(60)


def fill(store: Store, limit: str) -> None:
    """Record under a limit for the size of files, which fails writes as a bad disk does."""
    with store.write() as unit:
        unit.append([opened(a_stream(), title="x" * 2000) for _ in range(20)])
    store.database.checkpoint(truncate=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    say("ready")
    while True:
        for _ in range(4):
            with store.write() as unit:
                unit.append([opened(a_stream(), title="x" * 2000) for _ in range(5)])
        store.database.checkpoint()
        say("recorded")


def main() -> None:
    """Open the store and do what the parent wants."""
    what, url, keys, master, *rest = sys.argv[1:]
    key_store = KeyStore(Path(keys), MasterKey.load(Path(master)), create=True)
    store = Store(make_engine(url), key_store, SystemClock(), "county")
    acts: dict[str, Callable[..., None]] = {
        "append": append,
        "fall-silent": fall_silent,
        "work": work,
        "fill": fill,
    }
    acts[what](store, *rest)


if __name__ == "__main__":
    main()
