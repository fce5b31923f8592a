"""What lists of cases cost as problems grow in number: ``python benchmarks/cases.py FOLDER [small large]``.

Makes a home of each size below FOLDER where there is none (20 and 80 branches by default, forty problems at
each), asks both the same in one run and prints the ratios: a page of fifty should cost the same in both.
Times are of the processor, the best of three.
"""

import sys
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.county import County
from benchmarks.scale import DAY, PAGE, Work, compare
from workflows.bootstrap import App

KIND = "rectification"
PAST = date(2026, 10, 15)
LIST, ALL = "county: the list and a page of fifty", "county: every problem in full"
FIRST, NEXT = "county: to do, a day of the past", "county: to do, the same day, next page"
PARTS = ((LIST, ALL), ("county: drive", ALL), (NEXT, FIRST))


def county_of(branches: int) -> County:
    """Return a county of many problems and little else."""
    begin, end = date(2026, 1, 1), date(2026, 11, 20)
    return County(branches, people=6, in_course=1, begin=begin, end=end, is_tree=True, problems=40)


def questions(app: App, county: County) -> dict[str, Work]:
    """Return what is asked: lists, what rolls up, days of the past."""
    ask, branch = app.answering, county.id_of("unit", 5)

    def page(unit_id: UUID | None, day: date) -> None:
        light = ask.case_outlines(KIND, unit_id, day)["rows"]
        among = [UUID(row["file_id"]) for row in light[:PAGE]]
        assert len(ask.cases(KIND, None, day, among=among)["rows"]) == len(among)

    days = count(1)

    def first_page() -> None:
        ask.agenda(None, PAST - timedelta(days=next(days)), within=30, count=PAGE)

    return {
        "a page of fifty, its rows alone": lambda: page(branch, DAY),
        LIST: lambda: page(None, DAY),
        ALL: lambda: ask.cases(KIND, None, DAY),
        "county: drive": lambda: ask.drive(None, None, DAY),
        "county: overview": lambda: ask.overview(None, DAY),
        "county: tree with its counts": lambda: ask.units(None, DAY),
        "county: the list on a day of the past": lambda: page(None, PAST),
        NEXT: lambda: ask.agenda(None, PAST, within=30, first=PAGE, count=PAGE),
        FIRST: first_page,
    }


def main(folder: Path, small: int, large: int) -> None:
    counties = [county_of(branches) for branches in (small, large)]
    compare([(folder / f"cases-{one.branches}", one) for one in counties], questions, PARTS)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[2:]]
    main(Path(sys.argv[1]).absolute(), *(given + [20, 80][len(given) :]))
