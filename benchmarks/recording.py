"""Live commands with rules, findings and inline views: 32 callers against one, in one run.

Usage: ``python benchmarks/recording.py [rounds]``.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.rounds import Place, Variant, compare
from workflows.application.commands import parse
from workflows.application.recording import Outcome, Request
from workflows.bootstrap import App, Settings, open_app
from workflows.kernel.clock import FixedClock

BRANCHES = 64
CALLERS = 32
NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)


@contextmanager
def empty_home() -> Iterator[str]:
    """Yield a folder for an SQLite county with a key of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ZHIBU_MASTER_KEY_FILE"] = f"{folder}/key/master.key"
        yield f"{folder}/home"


def record(app: App, verb: str, day: date, unit: UUID | None = None, **payload: object) -> Outcome:
    """Record one command that no rule refuses."""
    command = parse(verb, payload, day)
    done = app.recording.record(Request(command=command, unit_id=unit, actor="benchmark", origin="cli"))
    assert not done.refused
    return done


def meetings(callers: int, home: str, amount: int) -> float:
    """Return how many meetings a second so many callers have recorded, each waiting for its answer."""
    with open_app(Settings.of(home=Path(home)), clock=FixedClock(NOW)) as app:
        begun = date(2020, 1, 1)
        units = [
            record(
                app, "establish_unit", begun, name=f"第{n}党支部", kind="village", level="branch"
            ).stream_id
            for n in range(BRANCHES)
        ]

        def call(number: int) -> None:
            for n in range(amount // callers):
                day, unit = date(2026, 11, 1 + n % 20), units[(number * 7 + n) % BRANCHES]
                record(app, "hold_meeting", day, unit, type="theme_party_day", attending=5)

        threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return amount / (time.perf_counter() - start)


def main(rounds: int) -> None:
    """Compare; branches have seven years of monthly and quarterly duties each, none of them recorded."""
    compare(
        "Meetings recorded with rules and views",
        Place("SQLite", empty_home),
        rounds,
        [
            Variant("one caller", lambda home, amount: meetings(1, home, amount), 160),
            Variant("32 callers", lambda home, amount: meetings(CALLERS, home, amount), 640),
        ],
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
