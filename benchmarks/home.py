"""A home with a county in it, for commands and pages: ``python benchmarks/home.py FOLDER [branches]``.

Two years of meetings up to the last month, a township to every sixty branches, twenty people a branch. The
same day and number give the same county. The folder must not be inside the repository; its key lies in it:

    ZHIBU_MASTER_KEY_FILE=FOLDER/master.key zhibu --home FOLDER deadlines --unit 第1支部
"""

import os
import sys
import time
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.county import County
from workflows.bootstrap import App, Settings, open_app
from workflows.kernel.clock import Clock, SystemClock, today

YEARS = 2
EVENTS_AT_A_TIME = 20_000


def county_of(branches: int, day: date) -> County:
    """Return the county of a home: two years that end with the month before ``day``."""
    end = day.replace(day=1) - timedelta(days=1)
    begin = date(end.year - YEARS + end.month // 12, end.month % 12 + 1, 1)
    return County(branches, people=20, in_course=2, begin=begin, end=end, is_tree=True)


def make(app: App, county: County) -> int:
    """Record a county in bulk; return how many events it has. Views are brought up by ``app.catch_up``."""
    count, events = 0, county.events()
    while some := list(islice(events, EVENTS_AT_A_TIME)):
        with app.log.write() as transaction:
            count += len(transaction.append(some))
    return count


def opened(folder: Path, clock: Clock | None = None, database: str | None = None) -> App:
    """Open the home in a folder, with its key beside it."""
    os.environ["ZHIBU_MASTER_KEY_FILE"] = str(folder / "master.key")
    return open_app(Settings.of(home=folder, database=database), clock=clock)


def main(folder: Path, branches: int) -> None:
    county = county_of(branches, today(SystemClock()))
    with opened(folder) as app:
        begun = time.process_time()
        count = make(app, county)
        recorded = time.process_time()
        print(f"{branches} branches, {count} events: {(recorded - begun) / count * 1e3:.3f} ms each")
        app.catch_up(lambda done, all_: print(f"views: {done} of {all_}", flush=True))
        print(f"views: {(time.process_time() - recorded) / count * 1e3:.3f} ms each")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), int(sys.argv[2]) if len(sys.argv) > 2 else 300)
