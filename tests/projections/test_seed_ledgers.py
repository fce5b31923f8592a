"""党员教育管理台账、特色党建台账: the parts of s000a-ledger-2 and -4, filled from what was recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.projections.test_compliance import meeting
from tests.support.books import Told

TODAY = date(2026, 11, 20)
STORY = """
title = "two branches of a township"
packs = ["central", "seed-001"]
[[units]]
name = "甲镇"
level = "committee"
established_on = 2020-01-01
[[units]]
name = "甲一支部"
superior = "甲镇"
full_members = 2
established_on = 2020-01-01
[[units]]
name = "甲二支部"
superior = "甲镇"
established_on = 2020-01-01
[people]
"王" = { unit = "甲一支部", stage = "full", since = 2015-07-01 }
"李" = { unit = "甲一支部", stage = "full", since = 2016-07-01 }
"赵" = { unit = "甲二支部", stage = "activist", since = 2025-07-01 }
"""


def act(on: str, do: str, given: str = "", *, person: str = "", unit: str = "甲一支部") -> str:
    """Return one step, of a person or of a branch."""
    about = f'person = "{person}"' if person else f'unit = "{unit}"'
    return f'\n[[steps]]\non = {on}\ndo = "{do}"\n{about}\n' + (f"with = {{ {given} }}\n" if given else "")


def at(unit: str, text: str) -> str:
    return text.replace("[[steps]]\n", f'[[steps]]\nunit = "{unit}"\n')


YEAR = (
    act("2026-01-20", "record_dues", 'month = "2026-01", role = "farmer", amount = "1.00"', person="王")
    + act("2026-02-20", "record_dues", 'month = "2026-02", role = "farmer", amount = "1.00"', person="王")
    + at("甲一支部", meeting("2026-02-03", "organizational_life", "attending = 2"))
    + at("甲一支部", meeting("2026-03-05", "theme_party_day", 'attending = 2, topics = ["义务植树"]'))
    + at("甲一支部", meeting("2025-12-05", "theme_party_day", "attending = 2"))
    + act("2026-04-10", "record_training", 'hours = 8, title = "党章"', person="李")
    + act("2026-05-10", "file_document", 'kind = "来信来访登记", title = "一件"')
    + act("2026-05-11", "file_document", 'kind = "annual_plan"')
    + act("2026-05-12", "file_document", 'kind = "特色品牌", title = "田间党课"')
    + act("2026-06-30", "transfer_person", 'to_unit = "甲二支部", letter = "001"', person="李")
)


@pytest.fixture(scope="module")
def told() -> Told:
    found = Told(STORY + YEAR)
    assert [one.outcome.refused for one in found.played] == [False] * len(found.played)
    return found


def ledger(told: Told, name: str, unit: str | None = "甲一支部", **asked: Any) -> dict[str, Any]:
    unit_id = told.answering.unit_named(unit) if unit else None
    return dict(
        told.answering.ledger(name, unit_id, asked.pop("year", None), asked.pop("on", TODAY), **asked)
    )


def of_part(answer: dict[str, Any], part: str) -> list[dict[str, Any]]:
    return [row for row in answer["rows"] if row["part"] == part]


EDUCATION, FEATURES = "党员教育管理台账", "特色党建台账"


@pytest.mark.parametrize(
    ("part", "days"),
    [
        ("orglife", ["2026-02-03"]),
        ("regime", ["2026-03-05"]),
        ("training", ["2026-04-10"]),
        ("letters", ["2026-05-10"]),
        ("transfer", ["2026-06-30"]),
        ("study", []),
        ("unfit", []),
    ],
)
def test_each_part_has_what_was_recorded_of_it_in_the_year(told: Told, part: str, days: list[str]) -> None:
    assert [row["on"] for row in of_part(ledger(told, EDUCATION), part)] == days


def test_dues_are_one_line_a_member_with_the_months_and_the_sum(told: Told) -> None:
    (row,) = of_part(ledger(told, EDUCATION), "dues")
    assert (row["person"], row["facts"]) == (
        "王", {"paid_months": 2, "last_month": "2026-02", "paid": "2.00"},
    )  # fmt: skip


def test_members_are_counted_at_the_end_of_the_span_with_who_came_and_left(told: Told) -> None:
    (before,) = of_part(ledger(told, EDUCATION, on=date(2026, 6, 29)), "statistics")
    (after,) = of_part(ledger(told, EDUCATION), "statistics")
    assert (before["facts"]["full_members"], after["facts"]["full_members"]) == (2, 1)
    assert (before["facts"]["left_members"], after["facts"]["left_members"]) == (0, 1)
    assert [row["person"] for row in of_part(ledger(told, EDUCATION), "register")] == ["王"]


def test_a_transfer_stands_with_the_unit_left_and_with_the_one_that_received(told: Told) -> None:
    whole = of_part(ledger(told, EDUCATION, None), "transfer")
    assert [(row["unit"], row["person"], row["facts"]["letter"]) for row in whole] == [
        ("甲一支部", "李", "001"),
        ("甲二支部", "李", "001"),
    ]


def test_nobody_in_training_stands_in_the_register_of_members(told: Told) -> None:
    assert [row["person"] for row in of_part(ledger(told, EDUCATION, "甲二支部"), "register")] == ["李"]


def test_features_are_theme_days_and_documents_whose_words_say_so(told: Told) -> None:
    answer = ledger(told, FEATURES)
    assert [row["on"] for row in of_part(answer, "practice")] == ["2026-03-05"]
    assert [row["facts"]["title"] for row in of_part(answer, "features")] == ["田间党课"]
    assert of_part(answer, "practice")[0]["facts"]["topics"] == ["义务植树"]
    assert [row["on"] for row in of_part(ledger(told, FEATURES, year=2025), "practice")] == ["2025-12-05"]


@pytest.mark.parametrize("name", [EDUCATION, FEATURES])
def test_every_row_leads_to_its_event_and_an_empty_part_names_the_acts_that_fill_it(
    told: Told, name: str
) -> None:
    answer = ledger(told, name, None)
    with told.log.read() as reading:
        for row in answer["rows"]:
            record = reading.event_at(row["position"])
            assert record is not None
            assert row["part"] == "statistics" or str(record.event_id) == row["event_id"]
    for part in answer["parts"]:
        assert part["rows"] == len(of_part(answer, part["part"]))
        assert part["acts"]


def test_what_became_known_later_is_not_in_the_ledger_as_it_was_known(told: Told) -> None:
    first = min(row["position"] for row in of_part(ledger(told, EDUCATION), "training"))
    before = ledger(told, EDUCATION, known_on=first - 1)
    assert of_part(before, "training") == []
