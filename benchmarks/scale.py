"""How pages, a record and a sweep grow with the county: ``python benchmarks/scale.py FOLDER [small large]``.

Makes a home of each size below FOLDER where there is none (300 and 1,000 branches by default), asks each the
same in one run and prints the ratios. What belongs to one branch should cost the same in both (1.0); what is
of the whole county may grow as the county does, and no faster. Times are of the processor, the best of three.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
Questions = Callable[[App, County], Mapping[str, Work]]


@contextmanager
def home(place: Path, county: County) -> Iterator[App]:
    """Open the home of a county in a folder, made first where there is none."""
    place.mkdir(parents=True, exist_ok=True)
    with opened(place, FixedClock(moment_of(DAY))) as app:
        with app.log.read() as reading:
            is_new = not reading.head()
        if is_new:
            count = make(app, county)
            print(f"{county.branches} branches: {count} events recorded", flush=True)
        app.rebuilding.refresh()
        app.catch_up()
        yield app


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
        "county: overview": lambda: ask.overview(None, DAY),
        "sweep that finds nothing new": lambda: app.scheduler.sweep.preview(DAY),
    }


def measured(app: App, asked: Mapping[str, Work]) -> dict[str, float]:
    """Return how long each question takes, in seconds of the processor."""
    found = {}
    for name, work in asked.items():
        spent = []
        for _ in range(ROUNDS):
            begun = time.process_time()
            work()
            spent.append(time.process_time() - begun)
        found[name] = min(spent)
    return found


def compare(homes: Sequence[tuple[Path, County]], ask: Questions, parts: Iterable[tuple[str, str]]) -> None:
    """Ask two homes the same and print what each took, and the ratios; ``parts``: what is a part of what."""
    times = []
    for place, county in homes:
        with home(place, county) as app:
            times.append(measured(app, ask(app, county)))
    small, large = (county.branches for _, county in homes)
    print(f"\n{'':<48}{small:>10}{large:>10}   ratio (county: {large / small:.1f})")
    for name, before in times[0].items():
        after = times[1][name]
        print(f"{name:<48}{before * 1e3:>7.0f} ms{after * 1e3:>7.0f} ms   {after / before:.1f}")
    for part, whole in parts:
        print(f"{part} takes {times[1][part] / times[1][whole]:.3f} of: {whole.removeprefix('county: ')}")


PARTS = (
    ("county: matrix, a page", "county: every cell in JSON"),
    ("county: meetings of the month, a page", "county: meetings of the month, all judged"),
)


def main(folder: Path, small: int, large: int) -> None:
    compare([(folder / str(n), county_of(n, DAY)) for n in (small, large)], questions, PARTS)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[2:]]
    main(Path(sys.argv[1]).absolute(), *(given + [300, 1_000][len(given) :]))
