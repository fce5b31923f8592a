"""One command against all rules of the national packs, beside ten limits reckoned and written down.

Usage: ``python benchmarks/checking.py [rounds]``.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.rounds import Place, Variant, compare
from tests.support.county import County
from workflows.policies.facts import FactBook
from workflows.policies.rules import Rules
from workflows.policies.spans import span_after

LIMITS = 5_000
CHECKS = 5_000
MEMBERS = 12
GOAL = 0.33

Asked = tuple[Rules, date, FactBook]


@contextmanager
def nothing() -> Iterator[str]:
    """Yield no database: everything is in memory."""
    yield ""


def asked() -> dict[str, Asked]:
    """Return what the rules are asked when a village branch takes in somebody, meets and elects."""
    county, found = County(), {}
    unit = county.branch(kind="village")
    for number in range(MEMBERS):
        county.member(unit, f"人{number}")
    checked = Rules.check

    def noted(rules: Rules, command: str, *, on: date, book: FactBook) -> Any:
        found[command] = rules, on, book
        return checked(rules, command, on=on, book=book)

    Rules.check = noted  # type: ignore[method-assign]
    try:
        _course(county, unit)
    finally:
        Rules.check = checked  # type: ignore[method-assign]
    return found


def _course(county: County, unit: Any) -> None:
    day = date(2025, 9, 1)
    votes = {"eligible": MEMBERS, "attending": 10}
    person = county.do(
        "receive_application", date(2024, 1, 5), unit=unit, name="王", born_on=date(1999, 1, 1)
    ).stream_id
    county.do("hold_first_talk", date(2024, 1, 20), person=person, unit=unit)
    county.do("confirm_activist", date(2024, 3, 1), person=person, unit=unit)
    county.do(
        "vote_on_admission",
        day,
        person=person,
        unit=unit,
        in_favour=10,
        secret=True,
        as_history=True,
        **votes,
    )
    posts = {"人1": "secretary", "人2": "organization", "人3": "publicity"}
    ballots = {"seats": 3, "ballots_issued": 10, "ballots_returned": 10}
    county.do("elect_committee", day, unit=unit, posts=posts, as_history=True, **votes, **ballots)
    county.do("hold_meeting", day, unit=unit, type="branch_assembly", **votes)


def limits(_: str, amount: int) -> float:
    """Return how many times a second ten limits, months after a day, are reckoned and written down."""
    day, start = date(2025, 8, 31), time.perf_counter()
    for _number in range(amount):
        for months in range(1, 11):
            span_after(day, months, "month")
    return amount / (time.perf_counter() - start)


def main(rounds: int) -> None:
    """Compare; a check of 50 µs on a quiet machine takes about three times as long as the limits."""
    cases = asked()

    def checks(command: str, amount: int) -> float:
        rules, on, book = cases[command]
        start = time.perf_counter()
        for _number in range(amount):
            rules.check(command, on=on, book=book)
        return amount / (time.perf_counter() - start)

    told = ["receive_application", "hold_first_talk", "vote_on_admission", "elect_committee", "hold_meeting"]
    variants = [Variant("ten limits", limits, LIMITS)]
    for command in told:
        number = len(cases[command][0].at(command))
        variants.append(
            Variant(
                f"{command} ({number} rules)",
                lambda _, amount, command=command: checks(command, amount),  # type: ignore[misc]
                CHECKS,
                GOAL,
            )
        )
    compare("Commands checked against all packs", Place("in memory", nothing), rounds, variants)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
