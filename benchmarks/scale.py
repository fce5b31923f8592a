"""How pages, a record and a sweep grow with the county: ``python benchmarks/scale.py FOLDER [small large]``.

Makes a home of each size below FOLDER where there is none (300 and 1,000 branches by default), asks each the
same in one run and prints the ratios. What belongs to one branch should cost the same in both (1.0); what is
of the whole county may grow as the county does, and no faster. Times are of the processor, the best of three.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.county import County
from benchmarks.home import county_of, make, opened
from workflows.application.commands import parse
from workflows.application.recording import Request
from workflows.bootstrap import App
from workflows.kernel.calendar import Period
from workflows.kernel.clock import FixedClock, moment_of
from workflows.projections.answers import Answering

DAY = date(2026, 12, 1)
ROUNDS = 3
PAGE = 50

Work = Callable[[], object]


@contextmanager
def home(folder: Path, branches: int) -> Iterator[tuple[App, County]]:
    """Open the home of a size, made first where there is none."""
    county, place = county_of(branches, DAY), folder / str(branches)
    with opened(place, FixedClock(moment_of(DAY))) as app:
        with app.log.read() as reading:
            is_new = not reading.head()
        if is_new:
            count = make(app, county)
            print(f"{branches} branches: {count} events recorded", flush=True)
        app.rebuilding.refresh()
        app.catch_up()
        yield app, county


def questions(app: App, county: County) -> dict[str, Work]:
    """Return what is asked, of one branch first, then of a township and of the county."""
    ask: Answering = app.answering
    branch, town = county.id_of("unit", 5), county.id_of("township", 0)
    month, year = Period.parse("2026-11"), str(DAY.year)
    person = UUID(ask.in_course(branch, DAY)["rows"][0]["person_id"])

    def record() -> None:
        command = parse("hold_meeting", {"type": "theme_party_day", "attending": 18}, DAY)
        done = app.recording.record(Request(command=command, unit_id=branch, actor="bench", origin="cli"))
        assert not done.refused

    return {
        "a branch: what is to be done": lambda: ask.agenda(branch, DAY, within=30),
        "a branch: matrix of the year": lambda: ask.matrix(branch, year, DAY, count=PAGE),
        "a branch: meetings of the month": lambda: ask.meetings(branch, month, None, DAY),
        "a branch: roster": lambda: ask.roster(branch, DAY),
        "a person: limits": lambda: ask.deadlines(None, person, DAY),
        "a branch: a day of the past": lambda: ask.agenda(branch, date(2026, 3, 1), within=30),
        "a meeting recorded, views and all": record,
        "a township: matrix of a rule": lambda: ask.matrix(town, year, DAY, rule="meet-theme-day", count=60),
        "county: what is to be done, a page": lambda: ask.agenda(None, DAY, within=30, count=PAGE),
        "county: matrix, a page": lambda: ask.matrix(None, year, DAY, count=PAGE),
        "county: every cell in JSON": lambda: ask.compliance(None, year, DAY),
        "county: meetings of the month, a page": lambda: ask.meetings(None, month, None, DAY, count=PAGE),
        "county: meetings of the month, all judged": lambda: ask.meetings(None, month, None, DAY),
        "county: who is on the way": lambda: ask.in_course(None, DAY),
        "county: terms of office": lambda: ask.terms(None, DAY),
        "county: tree with its counts": lambda: ask.units(None, DAY),
        "sweep that finds nothing new": lambda: app.scheduler.sweep.preview(DAY),
    }


def measured(app: App, county: County) -> dict[str, float]:
    """Return how long each question takes, in seconds of the processor."""
    found = {}
    for name, work in questions(app, county).items():
        spent = []
        for _ in range(ROUNDS):
            begun = time.process_time()
            work()
            spent.append(time.process_time() - begun)
        found[name] = min(spent)
    return found


def main(folder: Path, small: int, large: int) -> None:
    times = []
    for branches in (small, large):
        with home(folder, branches) as (app, county):
            times.append(measured(app, county))
    print(f"\n{'':<44}{small:>10}{large:>10}   ratio (county: {large / small:.1f})")
    for name, before in times[0].items():
        after = times[1][name]
        print(f"{name:<44}{before * 1e3:>7.0f} ms{after * 1e3:>7.0f} ms   {after / before:.1f}")
    for page, whole in (
        ("county: matrix, a page", "county: every cell in JSON"),
        ("county: meetings of the month, a page", "county: meetings of the month, all judged"),
    ):
        print(f"{page} takes {times[1][page] / times[1][whole]:.2f} of: {whole.removeprefix('county: ')}")


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[2:]]
    main(Path(sys.argv[1]).absolute(), *(given + [300, 1_000][len(given) :]))
