"""Layers: a lower one may tighten or fill a gap; where it loosens, a conflict is shown."""

import json
from datetime import date

import pytest

from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import Finding, Verdict
from workflows.policies.pack import Pack, PackError, parse_pack
from workflows.policies.rule import OF_NO_FILE
from workflows.policies.rules import Rules

HEAD = """
id = "{id}"
title = "{id}"
issuer = "test"
level = "{level}"
source = "test"
issued_on = 2020-01-01
"""

WAIT = """
[[rules]]
id = "{rule}"
label = "wait"
kind = "not_before"
on = ["agree_development_target"]
anchor = "activist_since"
unit = "month"
severity = "block"
{refines}
values = [{{ from = 2020-01-01, value = {value} }}]
clauses = [{{ from = 2020-01-01, article = "第一条", confidence = "VT" }}]
"""


def _pack(pack_id: str, level: str, rule: str, value: int, refines: str = "") -> Pack:
    more = f'refines = "{refines}"' if refines else ""
    return parse_pack(
        HEAD.format(id=pack_id, level=level) + WAIT.format(rule=rule, value=value, refines=more)
    )


def _check(*packs: Pack, on: date = date(2026, 3, 1)) -> tuple[Finding, ...]:
    book = FactBook({"activist_since": Fact(date(2025, 1, 10))})
    return Rules(packs).check("agree_development_target", on=on, book=book)


CENTRAL = _pack("c", "central", "wait", 12)


def test_a_county_may_ask_for_more() -> None:
    county = _pack("k", "county", "k-wait", 18, refines="wait")
    (found,) = _check(CENTRAL, county)
    assert (found.rule, found.verdict, found.earliest_on) == ("k-wait", Verdict.BLOCK, date(2026, 7, 10))


def test_a_county_that_asks_for_less_changes_nothing_and_is_shown() -> None:
    county = _pack("k", "county", "k-wait", 6, refines="wait")
    found = _check(CENTRAL, county, on=date(2025, 10, 1))
    assert [(f.rule, f.verdict) for f in found] == [("wait", Verdict.BLOCK), ("k-wait", Verdict.CONFLICT)]
    conflict = found[1]
    assert (conflict.against, conflict.holds, conflict.values) == ("wait", "wait", {"wait": 12, "k-wait": 6})


def test_the_same_id_in_a_lower_pack_is_the_same_matter() -> None:
    county = _pack("k", "county", "wait", 6)
    found = _check(CENTRAL, county, on=date(2025, 10, 1))
    assert [f.verdict for f in found] == [Verdict.BLOCK, Verdict.CONFLICT]


def test_a_lower_rule_about_nothing_higher_fills_a_gap() -> None:
    found = _check(_pack("k", "county", "k-wait", 24))
    assert [f.verdict for f in found] == [Verdict.BLOCK]


def test_the_strictest_of_three_layers_holds() -> None:
    city, county = _pack("s", "city", "s-wait", 15, "wait"), _pack("k", "county", "k-wait", 14, "wait")
    found = _check(CENTRAL, city, county)
    assert [f.rule for f in found if f.verdict is Verdict.BLOCK] == ["s-wait"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD.format(id="x", level="galaxy"), "level"),
        (HEAD.format(id="x", level="county") + "colour = 1", "colour"),
        (HEAD.format(id="x", level="county") + WAIT.format(rule="r", value='"12"', refines=""), "r"),
        (HEAD.format(id="x", level="county") + WAIT.format(rule="r", value=-1, refines=""), "r"),
        (HEAD.format(id="x", level="county") + WAIT.format(rule="r", value=1, refines="mont = 1"), "mont"),
        (
            HEAD.format(id="x", level="county") + 2 * WAIT.format(rule="r", value=1, refines=""),
            "",
        ),
        ("id = ", ""),
    ],
)
def test_a_flawed_pack_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(PackError) as refused:
        parse_pack(text)
    assert any(place in flaw.place for flaw in refused.value.flaws)


def test_days_of_values_must_ascend() -> None:
    text = HEAD.format(id="x", level="county") + WAIT.format(rule="r", value=1, refines="").replace(
        "values = [", "values = [{ from = 2021-01-01, value = 2 }, "
    )
    with pytest.raises(PackError):
        parse_pack(text)


def test_a_year_is_neither_more_nor_less_than_twelve_months() -> None:
    county = parse_pack(
        HEAD.format(id="k", level="county")
        + WAIT.format(rule="wait", value=1, refines="").replace('unit = "month"', 'unit = "year"')
    )
    found = _check(CENTRAL, county, on=date(2025, 10, 1))
    assert [f.verdict for f in found if f.verdict is Verdict.CONFLICT] == []


def test_twenty_days_ask_less_of_a_waiting_time_than_a_month() -> None:
    central = _pack("c", "central", "wait", 1)
    county = parse_pack(
        HEAD.format(id="k", level="county")
        + WAIT.format(rule="wait", value=20, refines="").replace('unit = "month"', 'unit = "day"')
    )
    found = _check(central, county, on=date(2025, 2, 5))
    assert [(f.rule, f.verdict) for f in found] == [("wait", Verdict.BLOCK), ("wait", Verdict.CONFLICT)]
    assert found[0].earliest_on == date(2025, 2, 10)


@pytest.mark.parametrize("field", ['pack_id = "c"', 'running = "pin"', "held_from = 2026-01-01"])
def test_what_the_program_knows_of_a_rule_is_not_written_into_a_file(field: str) -> None:
    text = HEAD.format(id="x", level="county") + WAIT.format(rule="r", value=1, refines=field)
    with pytest.raises(PackError) as refused:
        parse_pack(text)
    assert [flaw.message for flaw in refused.value.flaws] == [
        f"Extra inputs are not permitted ({field.split()[0]})"
    ]


def test_the_schema_for_editors_shows_only_what_an_author_writes() -> None:
    schema = json.dumps(Pack.model_json_schema(by_alias=True))
    assert '"anchor"' in schema
    assert not any(f'"{name}"' in schema for name in OF_NO_FILE)
