"""The import of the county workbook, from file to answered, as a user waits for it: seconds and megabytes.

Run: ``python -m benchmarks.importing [--rounds N]``. Each round is a process of its own on an empty home;
besides the time it prints the ratio to writing the same events to the store alone, in the same round.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORKBOOK = Path(__file__).parent.parent / "tests" / "data" / "county.xlsx"
MOST_SECONDS, MOST_MEGABYTES = 15, 400


def once() -> dict[str, float]:
    """Import into an empty home; return seconds by part, and the peak of this process and its child in MB."""
    from datetime import UTC, datetime

    from workflows.adapters.workbooks.workbook import read_workbook
    from workflows.bootstrap import Settings, open_app
    from workflows.kernel.clock import FixedClock, today
    from workflows.kernel.events import NewEvent

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["ZHIBU_MASTER_KEY_FILE"] = str(home / "keys" / "master.key")
        clock = FixedClock(datetime(2026, 11, 21, 4, tzinfo=UTC))
        begun = time.perf_counter()
        with open_app(Settings.of(home=home / "home"), clock=clock) as app:
            opened = time.perf_counter()
            book = read_workbook(WORKBOOK, today=today(clock))
            read = time.perf_counter()
            report = app.importing.run(book, actor="benchmark")
            done = time.perf_counter()
            with app.log.read() as reading:
                records = reading.load_since(0, report.recorded + 1)
        with open_app(Settings.of(home=home / "bare"), clock=clock) as bare:
            fields = NewEvent.__struct_fields__
            new = [NewEvent(**{name: getattr(record, name) for name in fields}) for record in records]
            start = time.perf_counter()
            for at in range(0, len(new), 100):
                with bare.log.store.write() as unit:
                    unit.append(new[at : at + 100])
            alone = time.perf_counter() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "open": opened - begun,
        "read": read - opened,
        "record": done - read,
        "seconds": done - begun,
        "store_alone": alone,
        "ratio": (done - begun) / alone,
        "megabytes": peak / 1024,
        "events": len(records),
    }


def main() -> None:
    """Print the median of some rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--once", action="store_true")
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(once()))
        return
    command = [sys.executable, "-m", "benchmarks.importing", "--once"]
    rounds = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(asked.rounds)
    ]
    median = {name: statistics.median(told[name] for told in rounds) for name in rounds[0]}
    print("  ".join(f"{name} {value:.2f}" for name, value in median.items()))
    print(f"wanted: seconds <= {MOST_SECONDS}, megabytes <= {MOST_MEGABYTES}")


if __name__ == "__main__":
    main()
